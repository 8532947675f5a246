import { useEffect, useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router';
import { createRouter } from '@/app/router';
import { Toasts } from '@/components/toast';
import { createQueryClient, forgetOnSignOut } from '@/lib/queries';
import '@/lib/theme';

export function App() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(createRouter);
  useEffect(() => forgetOnSignOut(queries), [queries]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}

import { useEffect, useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router';
import { createRouter } from '@/app/router';
import { toast, Toasts } from '@/components/toast';
import { formatCount } from '@/lib/format';
import { refuseLongText } from '@/lib/long-text';
import { createQueryClient, forgetOnSignOut } from '@/lib/queries';
import '@/lib/theme';

export function App() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(createRouter);
  useEffect(() => forgetOnSignOut(queries), [queries]);
  useEffect(() => refuseLongText((length) => toast(`This text is too long for a field (${formatCount(length)} characters). Bring a table as a file instead.`, { tone: 'danger', about: 'long text' })), []);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { createMemoryRouter, RouterProvider, type RouteObject } from 'react-router';
import { vi } from 'vitest';
import { Toasts } from '@/components/toast';
import { session, type Role } from '@/lib/session';

export function signIn(role: Role = 'user', more: { must_change_password?: boolean } = {}): void {
  session.start('a-token', { id: 1, username: 'maria', email: 'maria@example.com', role, must_change_password: false, ...more });
}

type Answer = (request: Request) => Response | Promise<Response>;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });

/** Answers in the server's place, by method and path; what is not expected fails loudly. */
export function serve(answers: Record<string, Answer>) {
  const calls: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    calls.push(request.clone());
    const name = `${request.method} ${new URL(request.url).pathname}`;
    const answer = answers[name];
    if (!answer) throw new Error(`Nobody answers ${name}`);
    return answer(request);
  });
  return calls;
}

export function show(routes: RouteObject[], at = '/') {
  const router = createMemoryRouter(routes, { initialEntries: [at] });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  );
  return router;
}

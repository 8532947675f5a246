/** How server data is cached and refreshed. */

import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/lib/http';
import { session } from '@/lib/session';

/** An answer of the server's is final; a silence of the network's is worth another try. */
const retry = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ApiError) || error.status >= 500);

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 30_000, retry, retryDelay: 400 }, mutations: { retry: false } },
  });
}

/** Forgets one account's data as soon as another takes its place. */
export function forgetOnSignOut(queries: QueryClient): () => void {
  let owner = session.get().account?.id ?? null;
  return session.subscribe(() => {
    const { account } = session.get();
    const next = account?.id ?? null;
    if (next !== owner) queries.clear();
    owner = next;
  });
}

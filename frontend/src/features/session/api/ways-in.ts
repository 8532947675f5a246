import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';

/** How people get in here: who may register, and the provider that signs in, if there is one. */
export const waysInQuery = queryOptions({
  queryKey: ['session', 'ways in'],
  queryFn: () => unwrap(client.GET('/api/v1/')),
  staleTime: Infinity,
});

export const useWaysIn = () => useQuery(waysInQuery);

/** Starts the session of a token that a provider's sign-in came back with. */
export const useTokenSignIn = (token: string | null) =>
  useQuery({
    queryKey: ['session', 'provider', token],
    queryFn: async () => {
      const { id, username, email, role, must_change_password } = await unwrap(client.GET('/auth/me', { headers: { Authorization: `Bearer ${token}` } }));
      session.start(token ?? '', { id, username, email, role, must_change_password });
      return null;
    },
    enabled: token !== null,
    retry: false,
  });

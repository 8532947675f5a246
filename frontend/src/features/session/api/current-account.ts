import { useEffect } from 'react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import { session, useSession } from '@/lib/session';

export const currentAccountQuery = queryOptions({
  queryKey: ['session', 'account'],
  queryFn: () => unwrap(client.GET('/auth/me')),
});

/** The account as the server knows it now; a changed role shows without signing in again. */
export function useCurrentAccount() {
  const { token } = useSession();
  const query = useQuery({ ...currentAccountQuery, enabled: token !== null });
  useEffect(() => {
    const known = session.get().account;
    if (!query.data || known?.id !== query.data.id) return;
    const { id, username, email, role, must_change_password } = query.data;
    if (known.username !== username || known.email !== email || known.role !== role || known.must_change_password !== must_change_password) {
      session.update({ id, username, email, role, must_change_password });
    }
  }, [query.data]);
  return query;
}

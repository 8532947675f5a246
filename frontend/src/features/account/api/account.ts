import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';

export type AccountChange = components['schemas']['UserUpdate'];

export const profileQuery = queryOptions({
  queryKey: ['account', 'profile'],
  queryFn: () => unwrap(client.GET('/users/me/profile')),
});

export const useProfile = () => useQuery(profileQuery);

export function useUpdateAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AccountChange) => unwrap(client.PUT('/users/me', { body })),
    onSuccess: ({ id, username, email, role, must_change_password }) => {
      session.update({ id, username, email, role, must_change_password });
      return queries.invalidateQueries({ queryKey: ['account'] });
    },
  });
}

export function useDeleteAccount() {
  return useMutation({
    mutationFn: (current_password: string) => unwrap(client.DELETE('/users/me', { body: current_password ? { current_password } : {} })),
    onSuccess: () => session.end('left'),
  });
}

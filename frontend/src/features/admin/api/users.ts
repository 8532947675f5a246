import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type User = components['schemas']['UserWithCounts'];
export type UserFilter = NonNullable<paths['/admin/users']['get']['parameters']['query']>;

export const usersQuery = (query: UserFilter) =>
  queryOptions({
    queryKey: ['admin', 'users', query],
    queryFn: () => unwrap(client.GET('/admin/users', { params: { query } })),
    placeholderData: keepPreviousData,
  });

export const useUsers = (query: UserFilter) => useQuery(usersQuery(query));

function useUserMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }) });
}

const path = (user_id: number) => ({ params: { path: { user_id } } });

export const useChangeRole = () =>
  useUserMutation(({ id, role }: { id: number; role: User['role'] }) => unwrap(client.PUT('/admin/users/{user_id}/role', { ...path(id), body: { role } })));

export const useToggleActive = () => useUserMutation((id: number) => unwrap(client.PUT('/admin/users/{user_id}/toggle-active', path(id))));

export type UserChanges = components['schemas']['UserChanges'];

export const useChangeUsers = () => useUserMutation((body: UserChanges) => unwrap(client.POST('/admin/users/changes', { body })));

export const useDeleteUser = () => useUserMutation((id: number) => unwrap(client.DELETE('/admin/users/{user_id}', path(id))));

export const useResetPassword = () => useUserMutation((id: number) => unwrap(client.POST('/admin/users/{user_id}/reset-password', path(id))));

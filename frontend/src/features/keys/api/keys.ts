import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Key = components['schemas']['KeyOut'];
export type KeyCreate = components['schemas']['KeyCreate'];
export type Scope = Key['scopes'][number];

const KEYS = ['account', 'keys'] as const;

export const useKeys = () => useQuery({ queryKey: KEYS, queryFn: () => unwrap(client.GET('/users/me/keys')) });

export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyCreate) => unwrap(client.POST('/users/me/keys', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useRevokeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key_id: number) => unwrap(client.DELETE('/users/me/keys/{key_id}', { params: { path: { key_id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Profile = components['schemas']['ProfileOut'];
export type ProfileContent = components['schemas']['ProfileCreate'];

const KEY = ['profiles'] as const;
/** The server lowers this to what it allows. */
const ALL = 1_000;

export const profilesQuery = queryOptions({
  queryKey: KEY,
  queryFn: () => unwrap(client.GET('/profiles/', { params: { query: { limit: ALL } } })),
});

export const useProfiles = () => useQuery(profilesQuery);

function useProfileMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: KEY }) });
}

export const useCreateProfile = () => useProfileMutation((body: ProfileContent) => unwrap(client.POST('/profiles/', { body })));

export const useUpdateProfile = () =>
  useProfileMutation(({ id, ...body }: ProfileContent & { id: number }) =>
    unwrap(client.PUT('/profiles/{profile_id}', { params: { path: { profile_id: id } }, body })),
  );

export const useDeleteProfile = () =>
  useProfileMutation((id: number) => unwrap(client.DELETE('/profiles/{profile_id}', { params: { path: { profile_id: id } } })));

/** Places a saved customer; the answer is also a row of the history. */
export function usePredictProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.POST('/profiles/{profile_id}/predict', { params: { path: { profile_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['history'] }),
  });
}

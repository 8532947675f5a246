import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Profile = components['schemas']['ProfileOut'];
export type ProfileContent = components['schemas']['ProfileCreate'];
export type ProfileFilter = NonNullable<paths['/profiles/']['get']['parameters']['query']>;

const KEY = ['profiles'] as const;

/** One page, and how many there are on all of them. */
export const profilesQuery = (query: ProfileFilter) =>
  queryOptions({
    queryKey: [...KEY, query],
    queryFn: async () => {
      const answer = client.GET('/profiles/', { params: { query } });
      const rows = await unwrap(answer);
      const { response } = await answer;
      return { rows, total: Number(response.headers.get('X-Total-Count') ?? rows.length) };
    },
    placeholderData: keepPreviousData,
  });

export const useProfiles = (query: ProfileFilter) => useQuery(profilesQuery(query));

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

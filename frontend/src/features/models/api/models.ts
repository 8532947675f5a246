import { useCallback } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { whenDone } from '@/lib/jobs';

export type ModelSummary = components['schemas']['ModelSummary'];
export type ModelDetail = components['schemas']['ModelDetail'];
export type Comparison = components['schemas']['Comparison'];
export type Movement = components['schemas']['Movement'];
export type Drift = components['schemas']['DriftOut'];

const path = (version: number) => ({ params: { path: { version } } });

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: () => unwrap(client.GET('/api/v1/models')),
});

export const useModels = () => useQuery(modelsQuery);

export const useModel = (version: number) =>
  useQuery({
    queryKey: ['models', version],
    // Without its validation it is never a job.
    queryFn: () => unwrap(client.GET('/api/v1/models/{version}', path(version)) as Promise<{ data?: ModelDetail; error?: unknown; response: Response }>),
  });

/** The first validation of a version is a job; asked for again, it is there. */
async function fetchValidation(version: number): Promise<ModelDetail['validation']> {
  const answer = await unwrap(client.GET('/api/v1/models/{version}', { params: { ...path(version).params, query: { validate: true } } }));
  if (!('state' in answer)) return answer.validation;
  await whenDone(answer);
  return fetchValidation(version);
}

/** Whether its segments are real; the first time the server needs some seconds for it. */
export const useValidation = (version: number, enabled: boolean) =>
  useQuery({
    queryKey: ['models', version, 'validation'],
    queryFn: () => fetchValidation(version),
    staleTime: Infinity,
    enabled,
  });

/** What would change if this version served; asked only of one that does not. */
export const useComparison = (version: number, enabled: boolean) =>
  useQuery({
    queryKey: ['models', version, 'comparison'],
    queryFn: () => unwrap(client.GET('/api/v1/models/{version}/compare', path(version))),
    enabled,
  });

export const useDrift = (version: number) =>
  useQuery({
    queryKey: ['models', version, 'drift'],
    queryFn: () => unwrap(client.GET('/api/v1/models/{version}/drift', path(version))),
  });

/** Everything said about segments is out of date as soon as another version serves. */
export function useForgetModels() {
  const queries = useQueryClient();
  return useCallback(() => Promise.all([queries.invalidateQueries({ queryKey: ['models'] }), queries.invalidateQueries({ queryKey: ['segments'] })]), [queries]);
}

export function useActivate() {
  return useMutation({
    mutationFn: (version: number) => unwrap(client.POST('/api/v1/models/{version}/activate', path(version))),
    onSuccess: useForgetModels(),
  });
}

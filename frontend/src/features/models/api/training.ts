import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Training = components['schemas']['JobOut'];

/** A training of some thousands of customers takes less than a second. */
const WATCH_EVERY = 300;
const isUnfinished = ({ state }: Training): boolean => state === 'queued' || state === 'running';

/** Asks for a candidate as a job, so that it can be watched and left alone; what serves stays as it is. */
export function useTrain() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (n_clusters: number | null): Promise<Training> =>
      unwrap(client.POST('/train', { body: { n_clusters, activate: false }, headers: { Prefer: 'respond-async' } }) as Promise<{ data?: Training; error?: unknown; response: Response }>),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

export const useTraining = (id: number | null) =>
  useQuery({
    queryKey: ['jobs', id],
    queryFn: () => unwrap(client.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: id ?? 0 } } })),
    refetchInterval: (query) => (query.state.data && !isUnfinished(query.state.data) ? false : WATCH_EVERY),
    enabled: id !== null,
  });

/** A training that goes on though its page was left; undefined where there is none. */
export const useUnfinishedTraining = () =>
  useQuery({
    queryKey: ['jobs', 'trainings'],
    queryFn: () => unwrap(client.GET('/api/v1/jobs', { params: { query: { limit: 20 } } })),
    select: (jobs) => jobs.find((job) => job.kind === 'model' && isUnfinished(job)),
    staleTime: 0,
  });

/** The version that a training made, once it has. */
export function versionOf(training: Training | undefined): number | null {
  const version = training?.result?.version;
  return typeof version === 'number' ? version : null;
}

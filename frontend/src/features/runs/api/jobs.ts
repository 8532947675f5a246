import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Job = components['schemas']['JobOut'];

const WATCH_EVERY = 600;
export const isUnfinished = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: () => unwrap(client.GET('/api/v1/jobs', { params: { query: { limit: 20 } } })),
});

/** One's own work on tables that is still under way, wherever it was started. */
export function useUnfinishedJobs() {
  return useQuery({
    ...jobsQuery,
    select: (jobs) => jobs.filter((job) => isUnfinished(job) && job.kind !== 'model'),
    refetchInterval: (query) => (query.state.data?.some(isUnfinished) ? WATCH_EVERY : false),
  });
}

export function useJob(id: number, isThere = true) {
  return useQuery({
    enabled: isThere,
    queryKey: ['jobs', id],
    queryFn: () => unwrap(client.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: id } } })),
    refetchInterval: (query) => (query.state.data && !isUnfinished(query.state.data) ? false : WATCH_EVERY),
  });
}

export function useCancelJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE('/api/v1/jobs/{job_id}', { params: { path: { job_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

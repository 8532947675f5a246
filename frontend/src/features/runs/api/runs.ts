import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { drafts, hasRole, session } from '@/lib/session';
import type { Job } from './jobs';

export type Run = components['schemas']['RunOut'];
export type RunRequest = components['schemas']['RunRequest'];
export type Profile = components['schemas']['SegmentProfileOut'];
export type Segments = components['schemas']['Segments'];
export type RunComparison = components['schemas']['RunComparison'];
export type Dendrogram = components['schemas']['Dendrogram'];
export type Projection = components['schemas']['ProjectionOut'];
export type Cut = components['schemas']['CutOut'];

const path = (run_id: number) => ({ params: { path: { run_id } } });

export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: () => unwrap(client.GET('/api/v1/clustering/runs')),
});

export const useRuns = () => useQuery(runsQuery);

export const useDatasetRuns = (dataset: number) => useQuery({ ...runsQuery, select: (runs) => runs.filter((run) => run.dataset_id === dataset) });

/** Null where there is no such run, or it is someone else's and not shared. */
export const useRun = (id: number) => useQuery({ ...runsQuery, select: (runs) => runs.find((run) => run.run_id === id) ?? null });

/** Who is in another segment in `run` than in `against`; both are of one table. */
export const useRunComparison = (run: number, against: number, enabled: boolean) =>
  useQuery({
    queryKey: ['runs', run, 'comparison', against],
    queryFn: () => unwrap(client.GET('/api/v1/clustering/runs/{run_id}/compare', { params: { path: { run_id: run }, query: { against } } })),
    staleTime: Infinity,
    enabled,
  });

export const useSegments = (id: number, skip: number, limit: number) =>
  useQuery({
    queryKey: ['runs', id, 'segments', skip, limit],
    // The schema also knows this answer as a file; without a format it is JSON.
    queryFn: () => unwrap(client.GET('/api/v1/clustering/segments/{run_id}', { params: { path: { run_id: id }, query: { skip, limit } } })) as Promise<Segments>,
    placeholderData: keepPreviousData,
  });

/** Map of customers, by the segments of the run or of another cut of its tree. */
export const useProjection = (run: Run, n_clusters = run.n_clusters) =>
  useQuery({
    queryKey: ['runs', run.run_id, 'projection', n_clusters],
    queryFn: async ({ signal }) => {
      const query = n_clusters === run.n_clusters ? {} : { n_clusters };
      const projection = await unwrap(client.GET('/api/v1/clustering/projection/{run_id}', { params: { path: { run_id: run.run_id }, query }, signal }));
      return { ...projection, n_clusters };
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

const MAX_LEAVES = 60;

export const useDendrogram = (id: number, enabled: boolean) =>
  useQuery({
    queryKey: ['runs', id, 'dendrogram'],
    queryFn: () =>
      unwrap(client.GET('/api/v1/clustering/dendrogram/{run_id}', { params: { path: { run_id: id }, query: { format: 'json', max_leaves: MAX_LEAVES } } })) as Promise<Dendrogram>,
    staleTime: Infinity,
    enabled,
  });

/** What another cut of the run's tree would give, with the number it was asked for; null at the run's own. */
export const useCut = (run: Run, n_clusters: number) =>
  useQuery({
    queryKey: ['runs', run.run_id, 'cut', n_clusters],
    queryFn: async ({ signal }): Promise<{ asked: number; cut: Cut } | null> =>
      n_clusters === run.n_clusters
        ? null
        : { asked: n_clusters, cut: await unwrap(client.POST('/api/v1/clustering/runs/{run_id}/cut', { ...path(run.run_id), body: { n_clusters }, signal })) },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const isJob = (answer: Run | Job): answer is Job => 'state' in answer;

const startedIn = (dataset: number): string => `job-${dataset}`;

/** The job that was last started for a table in this tab, also after a reload. */
export function startedJob(dataset: number): number | null {
  const id = drafts.load(startedIn(dataset))?.id;
  return typeof id === 'number' ? id : null;
}

/** Asks for a segmentation as a job, so that it can be watched and left alone. */
export function useTrainRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: RunRequest): Promise<Run | Job> =>
      unwrap(client.POST(hasRole(session.get().account, 'analyst') ? '/api/v1/clustering/train' : '/api/v1/files/train', { body, headers: { Prefer: 'respond-async' } }) as Promise<{ data?: Run | Job; error?: unknown; response: Response }>),
    onSuccess: (answer, { dataset_id }) => {
      if (isJob(answer)) drafts.save(startedIn(dataset_id), { id: answer.id });
      return Promise.all([queries.invalidateQueries({ queryKey: ['runs'] }), queries.invalidateQueries({ queryKey: ['jobs'] })]);
    },
  });
}

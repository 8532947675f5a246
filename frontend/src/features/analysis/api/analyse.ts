import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { ApiError } from '@/lib/http';
import { bring } from '@/lib/upload';

export type Analysis = components['schemas']['AnalysisResult'];
export type Recommendations = components['schemas']['Recommendations'];
export type AnalysisRequest = paths['/api/analyze']['post']['requestBody']['content']['application/json'];
type Job = components['schemas']['JobOut'];
type PostedAnalysis = paths['/api/recommendations']['post']['requestBody']['content']['application/json'];

/** The address of an answer that was known already, and so has no job. */
export const LATEST = 'latest';
const keyOf = (id: string) => ['analyses', id] as const;

interface Found {
  analysis: Analysis;
  advice: Recommendations;
}

async function withAdvice(analysis: Analysis): Promise<Found> {
  return { analysis, advice: await unwrap(client.POST('/api/recommendations', { body: { analysis } as unknown as PostedAnalysis })) };
}

/** Asks for an analysis as a job, so that it can be left and comes back after a reload; answers where it will be. */
export function useAnalyse() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body }: { body: AnalysisRequest; file: File }): Promise<string> => {
      const answer = await unwrap(client.POST('/api/analyze', { body, headers: { Prefer: 'respond-async' } }) as Promise<{ data?: Analysis | Job; error?: unknown; response: Response }>);
      if (!('clusters' in answer)) return String(answer.id);
      queries.setQueryData(keyOf(LATEST), await withAdvice(answer));
      return LATEST;
    },
    // The page is gone by then: the file comes back with its owner.
    onError: (error, { file }) => {
      if (error instanceof ApiError && error.status === 401) bring(file);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

/** What the job found, with what to do. */
export const useAnalysis = (id: string, isThere: boolean) =>
  useQuery({
    queryKey: keyOf(id),
    queryFn: async () => withAdvice(await unwrap(client.GET('/api/analyses/{job_id}', { params: { path: { job_id: Number(id) } } }))),
    staleTime: Infinity,
    gcTime: Infinity,
    enabled: isThere && id !== LATEST,
  });

const SHOWN = 5;

/** One's own that are still kept, newest first. */
export const useAnalyses = () =>
  useQuery({
    queryKey: ['jobs', 'analyses'],
    queryFn: () => unwrap(client.GET('/api/v1/jobs', { params: { query: { limit: 20 } } })),
    select: (jobs) => jobs.filter(({ kind, state }) => kind === 'analyze' && state === 'succeeded').slice(0, SHOWN),
  });

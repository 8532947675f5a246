import { useMutation } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Analysis = components['schemas']['AnalysisResult'];
export type Recommendations = components['schemas']['Recommendations'];
export type AnalysisRequest = paths['/api/analyze']['post']['requestBody']['content']['application/json'];
type Job = components['schemas']['JobOut'];
type PostedAnalysis = paths['/api/recommendations']['post']['requestBody']['content']['application/json'];

const ASK_EVERY = 700;

/** The answer at once, or once the job that makes it has finished. */
async function analyse(body: AnalysisRequest): Promise<{ analysis: Analysis; advice: Recommendations }> {
  const answer = (await unwrap(client.POST('/api/analyze', { body }) as Promise<{ data?: Analysis | Job; error?: unknown; response: Response }>));
  const analysis = 'clusters' in answer ? answer : await finished(answer);
  const advice = await unwrap(client.POST('/api/recommendations', { body: { analysis } as unknown as PostedAnalysis }));
  return { analysis, advice };
}

async function finished(job: Job): Promise<Analysis> {
  let { state, error } = job;
  const path = { path: { job_id: job.id } };
  while (state === 'queued' || state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    ({ state, error } = await unwrap(client.GET('/api/v1/jobs/{job_id}', { params: path })));
  }
  if (state !== 'succeeded') throw new Error(error ?? 'The analysis was cancelled');
  return unwrap(client.GET('/api/analyses/{job_id}', { params: path }));
}

export const useAnalyse = () => useMutation({ mutationFn: analyse });

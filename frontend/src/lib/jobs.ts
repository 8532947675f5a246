import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Job = components['schemas']['JobOut'];
const WATCH_EVERY = 600;

/** Waits for work that the server does as a job, because it takes longer than a request may. */
export async function whenDone(job: Job): Promise<Job> {
  if (job.state === 'succeeded') return job;
  if (job.state === 'failed' || job.state === 'cancelled') throw new Error(job.error ?? 'The job was cancelled.');
  await new Promise((resolve) => setTimeout(resolve, WATCH_EVERY));
  return whenDone(await unwrap(client.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: job.id } } })));
}

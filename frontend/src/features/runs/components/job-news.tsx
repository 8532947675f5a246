import { useEffect, useEffectEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { toast } from '@/components/toast';
import { isMissing } from '@/lib/http';
import { notify } from '@/lib/notify';
import { isUnfinished, useJob, type Job } from '../api/jobs';
import { forgetJob, isOnPage, useWatched } from '../api/watched';

const DONE: Record<string, string> = {
  train: 'The segments are ready',
  model: 'The new version is ready',
  analyze: 'The analysis is ready',
  upload: 'The table has been read',
  reading: 'The table has been read again',
  orders: 'The orders have been read',
  lines: 'The new order lines have been added',
  snapshot: 'The customers have been summarised',
  value: 'The forecast is ready',
  validation: 'The version has been checked',
};

/** The page of what a job made. */
export function pageOf({ id, kind, result }: Pick<Job, 'id' | 'kind' | 'result'>): string {
  const made = (name: string): string | undefined => (typeof result?.[name] === 'number' ? String(result[name]) : undefined);
  if (kind === 'analyze') return `/analyses/${id}`;
  for (const [name, page] of [['segmentation_id', 'segmentations'], ['run_id', 'runs'], ['orders_id', 'orders'], ['dataset_id', 'datasets'], ['version', 'models']] as const) {
    const number = made(name);
    if (number !== undefined) return `/${page}/${number}`;
  }
  return '/start';
}

/** Says that long work is over, with the way to what it made, wherever its reader is by then. */
export function JobNews() {
  const watched = useWatched();
  return watched.map((id) => <Awaited key={id} id={id} />);
}

function Awaited({ id }: { id: number }) {
  const job = useJob(id);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const tell = useEffectEvent((done: Job) => {
    const go = (): void => void navigate(pageOf(done));
    const text = done.state === 'failed' ? `The work failed: ${done.error ?? 'no reason is known'}` : (DONE[done.kind] ?? 'The work is done');
    notify(text, go);
    if (isOnPage(id)) return;
    void queries.invalidateQueries();
    toast(text, done.state === 'failed' ? { tone: 'danger' } : { open: { label: 'Open', go } });
  });
  const isGone = isMissing(job.error);
  const done = job.data && !isUnfinished(job.data) ? job.data : null;
  useEffect(() => {
    if (done !== null && done.state !== 'cancelled') tell(done);
    if (done !== null || isGone) forgetJob(id);
  }, [done, isGone, id]);
  return null;
}

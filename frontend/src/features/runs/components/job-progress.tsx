import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from '@/components/button';
import { Notice } from '@/components/states';
import { WorkProgress } from '@/components/work-progress';
import { askToNotify, canAsk } from '@/lib/notify';
import { isUnfinished, useCancelJob, useJob, type Job } from '../api/jobs';
import { useWatch } from '../api/watched';

/** What a job may have made or changed by the time that it is over. */
const MADE_BY_JOBS = ['runs', 'segmentations', 'datasets', 'orders', 'snapshots', 'models', 'segments'] as const;

export function JobProgress({ id, onRun }: { id: number; onRun?: (run: number) => void }) {
  const job = useJob(id);
  const queries = useQueryClient();
  const state = job.data?.state;
  const run = job.data?.result?.run_id;
  useWatch(id, job.data !== undefined && isUnfinished(job.data));
  useEffect(() => {
    if (state === undefined || state === 'queued' || state === 'running') return;
    for (const noun of MADE_BY_JOBS) void queries.invalidateQueries({ queryKey: [noun] });
    void queries.invalidateQueries({ queryKey: ['jobs'], exact: true });
    void queries.invalidateQueries({ queryKey: ['jobs', 'analyses'] });
    if (state === 'succeeded' && typeof run === 'number') onRun?.(run);
  }, [state, run, onRun, queries]);
  if (job.data === undefined) return null;
  if (job.data.state === 'failed') return <Notice tone="danger">{job.data.error ?? 'This job failed.'}</Notice>;
  if (job.data.state === 'cancelled') return <Notice>Cancelled; nothing was saved.</Notice>;
  return isUnfinished(job.data) ? <Progress job={job.data} /> : null;
}

function Progress({ job }: { job: Job }) {
  const cancel = useCancelJob();
  const [asks, setAsks] = useState(canAsk);
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-line bg-surface px-4 py-3 text-small">
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <WorkProgress phase={job.phase} percent={job.percent} secondsLeft={job.seconds_left} />
        <p className="text-soft">You can leave this page; the job keeps running.</p>
      </div>
      {asks ? (
        <Button icon="bell" onClick={() => void askToNotify().finally(() => setAsks(false))}>
          Notify me
        </Button>
      ) : null}
      <Button busy={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
        Cancel
      </Button>
    </div>
  );
}

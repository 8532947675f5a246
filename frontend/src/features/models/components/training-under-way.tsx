import { useEffect, useState } from 'react';
import { LinkButton } from '@/components/button';
import { Notice } from '@/components/states';
import { WorkProgress } from '@/components/work-progress';
import { useForgetModels } from '../api/models';
import { useTraining, useUnfinishedTraining, versionOf } from '../api/training';

/** A training that nobody waits for in a dialog: how far it is, and then where it led. */
export function TrainingUnderWay() {
  const unfinished = useUnfinishedTraining().data?.id;
  const [watched, setWatched] = useState<number | null>(null);
  if (unfinished !== undefined && unfinished !== watched) setWatched(unfinished);
  const training = useTraining(watched);
  const forgetModels = useForgetModels();
  const version = versionOf(training.data);
  useEffect(() => {
    if (version !== null) void forgetModels();
  }, [version, forgetModels]);
  const job = training.data;
  if (job === undefined) return null;
  if (version !== null) {
    return (
      <Notice tone="good">
        <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          Version {version} is trained. Nothing changes until it is activated.
          <LinkButton to={`/models/${version}`}>See what would change</LinkButton>
        </span>
      </Notice>
    );
  }
  if (job.state === 'failed') return <Notice tone="danger">Training failed. {job.error}</Notice>;
  if (job.state === 'cancelled') return null;
  return (
    <div role="status" className="rounded-card border border-line bg-surface px-4 py-3">
      <WorkProgress phase={`Training a model: ${job.phase}`} percent={job.percent} secondsLeft={job.seconds_left} />
    </div>
  );
}

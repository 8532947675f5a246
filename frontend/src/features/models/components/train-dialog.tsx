import { useEffect, useState } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, Select } from '@/components/field';
import { WorkProgress } from '@/components/work-progress';
import { useKept } from '@/lib/form';
import { messageOf } from '@/lib/http';
import { drafts } from '@/lib/session';
import { useForgetModels } from '../api/models';
import { useTrain, useTraining, versionOf } from '../api/training';

const CHOICES = Array.from({ length: 14 }, (_, index) => index + 2);

const TRAIN_DRAFT = 'train';

/** Whether the dialog is open; again after a sign-in, if something was chosen in it. */
export const useTrainDialog = () => useState(() => drafts.load(TRAIN_DRAFT) !== null);

export function TrainDialog({ onClose, onTrained }: { onClose: () => void; onTrained: (version: number) => void }) {
  const train = useTrain();
  const [clusters, setClusters] = useKept(TRAIN_DRAFT, '', train.isSuccess);
  const training = useTraining(train.data?.id ?? null);
  const forgetModels = useForgetModels();
  const job = training.data ?? train.data;
  const busy = train.isPending || job?.state === 'queued' || job?.state === 'running';
  const version = versionOf(job);
  useEffect(() => {
    if (version === null) return;
    void forgetModels();
    onTrained(version);
  }, [version, forgetModels, onTrained]);
  const problem = train.error ?? training.error;
  return (
    <Dialog title="Train a new model" description="Learns the segments again from the customer file. Nothing changes for anyone until you activate the new version." onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          train.mutate(clusters === '' ? null : Number(clusters));
        }}
      >
        <Select
          label="Number of segments"
          hint="Automatic picks the number with the clearest segments"
          value={clusters}
          disabled={busy}
          onChange={(event) => setClusters(event.target.value)}
        >
          <option value="">Automatic</option>
          {CHOICES.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </Select>
        {busy ? (
          <div role="status">
            <WorkProgress phase={job?.phase ?? 'waiting for the server'} percent={job?.percent ?? 0} secondsLeft={job?.seconds_left ?? null} />
          </div>
        ) : null}
        <FormProblem>{problem ? messageOf(problem) : job?.state === 'cancelled' ? 'Training was cancelled; nothing was saved.' : job?.error}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{busy ? 'Continue in background' : 'Cancel'}</Button>
          <Button type="submit" look="primary" busy={busy}>
            Train model
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useEffect, useState } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, Select } from '@/components/field';
import { formatDuration } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useTrain } from '../api/models';

const CHOICES = Array.from({ length: 14 }, (_, index) => index + 2);

export function TrainDialog({ onClose, onTrained }: { onClose: () => void; onTrained: (version: number) => void }) {
  const [clusters, setClusters] = useState('');
  const train = useTrain();
  return (
    <Dialog title="Train a new model" description="It learns the segments from the customers’ file anew. Nothing changes for anyone until you activate it." onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          train.mutate(clusters === '' ? null : Number(clusters), { onSuccess: ({ version }) => onTrained(version) });
        }}
      >
        <Select
          label="Number of segments"
          hint="Left to the data, the number with the clearest segments is taken"
          value={clusters}
          disabled={train.isPending}
          onChange={(event) => setClusters(event.target.value)}
        >
          <option value="">Let the data decide</option>
          {CHOICES.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </Select>
        {train.isPending ? <Progress /> : null}
        <FormProblem>{train.error ? messageOf(train.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{train.isPending ? 'Carry on without waiting' : 'Cancel'}</Button>
          <Button type="submit" look="primary" busy={train.isPending}>
            Train model
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Progress() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status" className="flex flex-col gap-2 text-small">
      <progress aria-label="Training" className="h-2 w-full accent-accent" />
      <p className="text-soft">Trying 2 to 10 segments on all customers: {formatDuration(seconds)} so far, usually 2 to 5 s.</p>
    </div>
  );
}

import { useState } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, Select } from '@/components/field';
import { toast } from '@/components/toast';
import { ApiError, messageOf } from '@/lib/http';
import { isVersionJob, useTrainVersion, type Ref, type Segmentation } from '../api/segmentations';

interface TrainProps {
  id: Ref;
  segmentation: Segmentation;
  /** The tables that it can be trained on. */
  tables: readonly { id: number; filename: string }[];
  onStarted: (job: number | null) => void;
  onClose: () => void;
}

/** A new version: on the same table or a newer one, with as many segments as before or others. */
export function TrainVersionDialog({ id, segmentation, tables, onStarted, onClose }: TrainProps) {
  const train = useTrainVersion(id);
  const [table, setTable] = useState(segmentation.dataset_id === null ? '' : String(segmentation.dataset_id));
  const [count, setCount] = useState('');
  const [use, setUse] = useState(true);
  const fields = train.error instanceof ApiError ? train.error.fields : {};
  return (
    <Dialog title="Train a new version" description="Segments that live on keep their names, notes and colours." onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          train.mutate(
            { ...(table === '' ? {} : { dataset_id: Number(table) }), ...(count === '' ? {} : { n_clusters: count === 'auto' ? 'auto' : Number(count) }), activate: use },
            {
              onSuccess: (answer) => {
                if (!isVersionJob(answer)) toast(`Version ${answer.version} is trained${answer.is_active ? ' and in use' : ''}`);
                onStarted(isVersionJob(answer) ? answer.id : null);
              },
            },
          );
        }}
      >
        {segmentation.kind === 'core' ? null : (
          <Select wrap label="Table" hint="It needs the same columns" error={fields.dataset_id} value={table} onChange={(event) => setTable(event.target.value)}>
            {tables.map(({ id: each, filename }) => (
              <option key={each} value={each}>
                {filename}
              </option>
            ))}
          </Select>
        )}
        <Select wrap label="Number of segments" error={fields.n_clusters} value={count} onChange={(event) => setCount(event.target.value)}>
          <option value="">As in the version in use</option>
          <option value="auto">Automatic</option>
          {Array.from({ length: 14 }, (_, index) => (
            <option key={index}>{index + 2}</option>
          ))}
        </Select>
        <label className="flex min-h-11 items-center gap-2 text-small">
          <input type="checkbox" className="size-4 accent-accent" checked={use} onChange={(event) => setUse(event.target.checked)} />
          Use it as soon as it is trained
        </label>
        <FormProblem>{train.error && fields.dataset_id === undefined && fields.n_clusters === undefined ? messageOf(train.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={train.isPending}>
            Train version
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

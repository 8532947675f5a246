import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm, Dialog } from '@/components/dialog';
import { Bar, SegmentName } from '@/components/segment';
import { toast } from '@/components/toast';
import { NUMBER_FIELDS } from '@/lib/customer';
import { certaintyOf, formatIncome, formatNumber, formatTime } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import { useDeleteRow } from '../api/delete-history';
import type { HistoryRow } from '../api/list-history';

export function HistoryDrawer({ row, onClose }: { row: HistoryRow; onClose: () => void }) {
  const remove = useDeleteRow();
  const [asking, setAsking] = useState(false);
  const customer: Record<string, unknown> = row.customer_data;
  if (asking) {
    return (
      <Confirm
        title="Delete this prediction?"
        description="This permanently deletes the prediction. You can predict the customer again."
        action="Delete prediction"
        busy={remove.isPending}
        problem={remove.error ? messageOf(remove.error) : undefined}
        onConfirm={() =>
          remove.mutate(row.id, {
            onSuccess: () => {
              toast('Prediction deleted');
              onClose();
            },
          })
        }
        onClose={() => setAsking(false)}
      />
    );
  }
  return (
    <Dialog drawer title="Prediction" onClose={onClose}>
      <div className="flex flex-col gap-2">
        <p className="font-strong">
          <SegmentName segment={row.cluster} name={row.cluster_name} />
        </p>
        <Bar share={row.confidence / 100} color={segmentVariable(row.cluster)} />
        <p className="text-small text-soft">
          {row.confidence}% confidence, {certaintyOf(row.confidence)}
        </p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 text-small">
        {[
          ['Predicted', formatTime(row.created_at)],
          ['Model version', String(row.model_version)],
          ['Sex', typeof customer.sex === 'string' ? customer.sex : '–'],
          ...NUMBER_FIELDS.map(({ name, label }) => {
            const value = typeof customer[name] === 'number' ? customer[name] : null;
            return [label, name === 'annual_income' ? formatIncome(value) : formatNumber(value)];
          }),
        ].map(([term, value]) => (
          <div key={term} className="col-span-2 grid grid-cols-subgrid border-t border-line py-2">
            <dt className="text-soft">{term}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
      <Button look="danger" icon="trash" className="self-start" onClick={() => setAsking(true)}>
        Delete prediction
      </Button>
    </Dialog>
  );
}

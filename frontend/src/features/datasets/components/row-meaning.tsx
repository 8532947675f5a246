import type { ReactNode } from 'react';
import { Button } from '@/components/button';
import { Section } from '@/components/layout';
import type { Dataset, RowIs } from '../api/datasets';
import { useCorrection } from './correction';

export const ROW_IS: Record<RowIs, string> = {
  customer: 'Customer',
  order: 'Order',
  order_line: 'Line of an order',
  event: 'Event',
  customer_month: 'Month of a customer',
  item: 'Item',
};

const CALLED: Record<Exclude<RowIs, 'customer'>, string> = {
  order: 'orders',
  order_line: 'order lines',
  event: 'events',
  customer_month: 'months of customers',
  item: 'items',
};

/** Says that rows are not customers, before anything is made of them, with both ways on. */
export function RowMeaning({ dataset, grouping }: { dataset: Dataset; grouping: ReactNode }) {
  const { take, isPending } = useCorrection(dataset);
  const { one_row_is: row } = dataset;
  if (row === 'customer') return null;
  return (
    <Section title={`The rows are ${CALLED[row]}, not customers`}>
      <div className="flex flex-col gap-3 text-small">
        <p>
          Why: {dataset.one_row_is_because}. Segments of these rows would be segments of {CALLED[row]}.
        </p>
        <div className="flex flex-wrap gap-2">
          {grouping}
          <Button disabled={isPending} onClick={() => take({ one_row_is: 'customer' }, 'Each row is a customer')}>
            Each row is a customer
          </Button>
        </div>
      </div>
    </Section>
  );
}

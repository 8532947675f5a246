import { useState } from 'react';
import { Link } from 'react-router';
import { Button, TextLink } from '@/components/button';
import { FormProblem, Select, TextField } from '@/components/field';
import { Badge } from '@/components/states';
import { Table, type Column } from '@/components/table';
import { formatCalendarDay, formatCount } from '@/lib/format';
import { ApiError, messageOf } from '@/lib/http';
import { useMakeSnapshot, type Orders, type Snapshot } from '../api/orders';

const WINDOWS: Record<string, string> = { '': 'All orders up to that day', '730d': 'The two years before', '365d': 'The year before', '180d': 'The 180 days before', '90d': 'The 90 days before' };

/** Asks for the customers as they were at the end of a day. */
export function SnapshotForm({ orders, onMade }: { orders: Orders; onMade: (snapshot: Snapshot) => void }) {
  const make = useMakeSnapshot(orders.id);
  const last = orders.ledger?.last_day ?? '';
  const [day, setDay] = useState(last);
  const [window, setWindow] = useState('');
  const fields = make.error instanceof ApiError ? make.error.fields : {};
  const isOnField = fields.as_of !== undefined || fields.window !== undefined;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ as_of: day === '' ? null : day, window: window === '' ? null : window, returns: null, currency: null }, { onSuccess: onMade });
      }}
    >
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <TextField label="Customers at the end of" type="date" min={orders.ledger?.first_day ?? undefined} hint={last === '' ? undefined : `The last order was on ${formatCalendarDay(last)}`} error={fields.as_of} value={day} onChange={(event) => setDay(event.target.value)} />
        <Select wrap label="Orders that count" error={fields.window} value={window} onChange={(event) => setWindow(event.target.value)}>
          {Object.entries(WINDOWS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <FormProblem>{make.error && !isOnField ? messageOf(make.error) : null}</FormProblem>
      <div>
        <Button type="submit" look="primary" busy={make.isPending} disabled={orders.problems.length > 0}>
          {make.isPending ? 'Summarising the customers' : 'Summarise customers'}
        </Button>
      </div>
    </form>
  );
}

const spanOf = ({ window_days: days }: Snapshot): string => (days === null ? 'All orders' : `${formatCount(days)} days`);

/** The customers at each date that was asked for, newest first. */
export function SnapshotList({ orders, shown }: { orders: Orders; shown: Snapshot | null }) {
  const columns: Column<Snapshot>[] = [
    {
      id: 'day',
      title: 'At the end of',
      cell: (row) => (
        <span className="flex flex-wrap items-center gap-x-2">
          <TextLink to={`/orders/${orders.id}/rfm?snapshot=${row.id}`} className="font-strong">
            {formatCalendarDay(row.as_of)}
          </TextLink>
          {row.id === shown?.id ? <Badge>Shown</Badge> : null}
          {row.out_of_date ? <Badge tone="warn">Out of date</Badge> : null}
        </span>
      ),
    },
    { id: 'customers', title: 'Customers', number: true, cell: (row) => formatCount(row.n_customers) },
    { id: 'window', title: 'Orders', wideOnly: true, cell: spanOf },
    {
      id: 'table',
      title: 'Table',
      cell: (row) => (
        <Link to={`/datasets/${row.dataset_id}`} className="text-accent underline decoration-accent/40 underline-offset-3">
          Open
        </Link>
      ),
    },
  ];
  const newest = [...orders.snapshots].sort((a, b) => b.id - a.id);
  return <Table caption="Customers at a date" columns={columns} rows={newest} rowKey={(row) => row.id} />;
}

import { Bar, SegmentName } from '@/components/segment';
import { Pager, Table, type Column } from '@/components/table';
import { formatCount, formatMoney, formatNumber, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Value } from '../api/views';

type Segment = Value['segments'][number];
type Customer = Value['customers'][number];

/** By which mark a segment of the grid is drawn: its place in the grid's list. */
export type MarkOf = (segment: string) => number;

/** A sum as the record allows it; one that is rounded to nothing is less than the step. */
const sumOf = (amount: number | null, { currency, money_rounded_to: step }: Value): string => (amount === 0 && step !== null ? `below ${formatMoney(step, currency)}` : formatMoney(amount, currency));

export function SegmentValues({ value, markOf }: { value: Value; markOf: MarkOf }) {
  const most = Math.max(...value.segments.map((each) => each.expected_money ?? each.expected_orders), 0) || 1;
  const hasMoney = value.expected_money !== null;
  const columns: Column<Segment>[] = [
    { id: 'segment', title: 'Segment', cell: (row) => <SegmentName wrap segment={markOf(row.segment)} name={row.segment} /> },
    { id: 'bar', title: '', wideOnly: true, className: 'w-1/4', cell: (row) => <Bar share={(row.expected_money ?? row.expected_orders) / most} color={segmentVariable(markOf(row.segment))} /> },
    { id: 'customers', title: 'Customers', number: true, wideOnly: true, cell: (row) => formatCount(row.customers) },
    { id: 'orders', title: 'Orders', number: true, cell: (row) => formatNumber(row.expected_orders) },
    ...(hasMoney ? [{ id: 'money', title: 'Money', number: true, cell: (row: Segment) => <>{sumOf(row.expected_money, value)}{row.money_low === null || row.money_high === null || row.expected_money === 0 ? null : <span className="block text-soft">{formatMoney(row.money_low, value.currency)} to {formatMoney(row.money_high, value.currency)}</span>}</> }] : []),
  ];
  return <Table caption="Value still to come, by segment" columns={columns} rows={value.segments} rowKey={(row) => row.segment} />;
}

interface CustomerValuesProps {
  value: Value;
  markOf: MarkOf;
  skip: number;
  limit: number;
  onTurn: (skip: number) => void;
}

export function CustomerValues({ value, markOf, skip, limit, onTurn }: CustomerValuesProps) {
  const hasMoney = value.expected_money !== null;
  const columns: Column<Customer>[] = [
    { id: 'customer', title: 'Customer', className: 'max-w-0 w-1/4', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
    { id: 'segment', title: 'Segment', wideOnly: true, cell: (row) => <SegmentName wrap segment={markOf(row.segment)} name={row.segment} /> },
    { id: 'alive', title: 'Still a customer', number: true, cell: (row) => formatShare(row.alive) },
    { id: 'orders', title: 'Orders', number: true, cell: (row) => <span title={`90% of the time ${formatNumber(row.orders_low)} to ${formatNumber(row.orders_high)}`}>{formatNumber(row.expected_orders)} <span className="text-soft">({formatNumber(row.orders_low)}–{formatNumber(row.orders_high)})</span></span> },
    ...(hasMoney ? [{ id: 'money', title: 'Money', number: true, wideOnly: true, cell: (row: Customer) => <>{formatMoney(row.expected_money, value.currency)}{row.money_low === null || row.money_high === null ? null : <span className="text-soft"> ({formatMoney(row.money_low, value.currency)}–{formatMoney(row.money_high, value.currency)})</span>}</> }] : []),
  ];
  return (
    <>
      <Table caption="Value still to come, by customer" columns={columns} rows={value.customers} rowKey={(row) => row.customer_id} />
      <Pager skip={skip} limit={limit} total={value.total} onChange={onTurn} />
    </>
  );
}

import { useCallback, useMemo } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, tooltip, type ChartInk } from '@/charts/ink';
import { Figure } from '@/components/layout';
import { SegmentName } from '@/components/segment';
import { Badge } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { formatCalendarDay, formatCount, formatMoney, formatNumber, formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { Leaving, NextOrder } from '../api/views';
import { Bars } from './bars';
import type { MarkOf } from './value-tables';

type Step = NextOrder['steps'][number];

const ORDINALS = ['first', 'second', 'third'];
const nameOf = ({ after, or_later }: Step): string => `After the ${ORDINALS[after - 1] ?? `${after}th`} order${or_later ? ' or a later one' : ''}`;

/** How soon customers order again: after their first order, their second, and later ones. */
export function NextOrderChart({ steps }: { steps: readonly Step[] }) {
  const isNarrow = useIsNarrow();
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      // On a phone the legend takes a line each.
      grid: { left: 64, right: 16, top: isNarrow ? 16 + 24 * steps.length : 36, bottom: 44 },
      legend: { show: true, top: 0, left: 0, textStyle: { color: ink.ink, fontSize: 12 }, itemHeight: 8 },
      xAxis: { type: 'value', min: 0, ...axis(ink, { name: 'Days since that order' }, false) },
      yAxis: { type: 'value', min: 0, max: 1, ...axis(ink, { name: 'Have ordered again' }, true), axisLabel: { color: ink.soft, fontSize: 12, formatter: formatShare } },
      tooltip: { ...tooltip(ink), trigger: 'axis', valueFormatter: (value) => formatShare(value as number) },
      series: steps.map((step, index) => ({
        type: 'line' as const,
        name: nameOf(step),
        step: 'end' as const,
        showSymbol: false,
        data: [[0, 0], ...step.curve.map((point) => [...point])],
        lineStyle: { color: ink.segment(index), width: 2, type: (['solid', 'dashed', 'dotted'] as const)[index] ?? 'solid' },
        itemStyle: { color: ink.segment(index) },
      })),
    }),
    [steps, isNarrow],
  );
  const data = useCallback((): ChartData => ({ columns: ['after', 'days', 'share'], rows: steps.flatMap((step) => step.curve.map(([days = 0, share = 0]) => [nameOf(step), days, share])) }), [steps]);
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        {steps.map((step) => (
          <Figure key={step.after} label={nameOf(step)} value={step.median_days === null ? 'Less than half' : `${formatNumber(step.median_days)} days`} note={step.median_days === null ? `have ordered again (${formatCount(step.waits)} observed)` : `until half have ordered again (${formatCount(step.waits)} observed)`} />
        ))}
      </dl>
      <Chart
        label="Share of customers who have ordered again, by days"
        explanation="Each line shows how many customers have ordered again so many days after an order. Those who may still do so are counted as waiting."
        height={isNarrow ? 340 : 300}
        build={build}
        data={data}
        filename="next-order"
      />
    </div>
  );
}

/** What came of customers who were as overdue at an earlier day. */
export function LeavingRecord({ record }: { record: Leaving['record'] }) {
  if (record === null) return <p className="text-small text-soft">The orders are too few or too recent to check this on an earlier day.</p>;
  const share = (part: number, whole: number): string => formatShare(whole > 0 ? part / whole : 0);
  return (
    <p>
      {record.tells ? <Badge tone="good">Reliable so far</Badge> : <Badge tone="warn">Not reliable so far</Badge>} Asked the same on {formatCalendarDay(record.made_at)}, {formatCount(record.flagged)} customers were overdue, and {share(record.flagged_left, record.flagged)} of them did not order
      again by {formatCalendarDay(record.until)}. Of the others it was {share(record.others_left, record.others)}.
    </p>
  );
}

const bandOf = ({ least, most }: Leaving['bands'][number]): string =>
  most === null ? `${formatNumber(least)} usual gaps or more` : least === 0 ? `Up to ${formatNumber(most)} usual gap` : `${formatNumber(least)} to ${formatNumber(most)} usual gaps`;

/** By how many of their own gaps customers are overdue, with what came of such customers before. */
export function OverdueBands({ bands, overdue_from }: Pick<Leaving, 'bands' | 'overdue_from'>) {
  const rows = useMemo(
    () =>
      bands.map((band) => ({
        name: bandOf(band),
        value: band.customers,
        text: `${formatCount(band.customers)}${band.share_left === null ? '' : ` (${formatShare(band.share_left)} left)`}`,
        isQuiet: band.least < overdue_from,
      })),
    [bands, overdue_from],
  );
  return (
    <Bars
      label="Customers by the time since their last order, in their own usual gaps"
      explanation={`A usual gap is a customer’s own median time between orders. Coloured bars are overdue customers: ${formatNumber(overdue_from)} gaps or more. In brackets, how many of the customers who were as overdue at an earlier day did not order again.`}
      measure="Customers"
      rows={rows}
      data={() => ({
        columns: ['time since the last order', 'customers', 'share that left before', 'of so many'],
        rows: bands.map((band) => [bandOf(band), band.customers, band.share_left, band.customers_then]),
      })}
      filename="overdue"
    />
  );
}

type Customer = Leaving['customers'][number];

interface LeavingTableProps {
  leaving: Leaving;
  markOf: MarkOf;
  skip: number;
  limit: number;
  onTurn: (skip: number) => void;
}

/** Overdue customers, those who brought most first. */
export function LeavingTable({ leaving, markOf, skip, limit, onTurn }: LeavingTableProps) {
  const columns: Column<Customer>[] = [
    { id: 'customer', title: 'Customer', className: 'max-w-0 w-1/4', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
    { id: 'segment', title: 'Segment', wideOnly: true, cell: (row) => <SegmentName wrap segment={markOf(row.segment)} name={row.segment} /> },
    { id: 'last', title: 'Last order', number: true, cell: (row) => `${plural(row.recency_days, 'day')} ago` },
    { id: 'gap', title: 'Usual gap', number: true, cell: (row) => (row.median_gap_days === 1 ? '1 day' : `${formatNumber(row.median_gap_days)} days`) },
    { id: 'chance', title: 'Chance to leave', number: true, cell: (row) => (row.chance === null ? '–' : formatShare(row.chance)) },
    ...(leaving.money === null ? [] : [{ id: 'money', title: 'Money so far', number: true, wideOnly: true, cell: (row: Customer) => formatMoney(row.money, leaving.currency) }]),
  ];
  return (
    <>
      <Table caption="Customers likely to leave" columns={columns} rows={leaving.customers} rowKey={(row) => row.customer_id} />
      <Pager skip={skip} limit={limit} total={leaving.total} onChange={onTurn} />
    </>
  );
}

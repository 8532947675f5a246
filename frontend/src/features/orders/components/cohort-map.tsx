import { useCallback, useMemo } from 'react';
import type { ChartData } from '@/charts/chart';
import { HeatMap, type HeatCell } from '@/charts/heat-map';
import { formatCount, formatMoney, formatShare, plural } from '@/lib/format';
import type { Cohorts, Measure, Period } from '../api/views';

const COLUMN = 46;
const ROW = 30;
const LEFT = 96;

const WORDS: Record<Measure, string> = {
  customers: 'customers who ordered',
  orders: 'orders',
  revenue: 'money',
  cumulative: 'money so far',
};
const EACH: Record<Measure, string> = {
  customers: 'The figure is the share of the group that ordered in that period.',
  orders: 'The figure is the number of orders per customer of the group in that period.',
  revenue: 'The figure is the money per customer of the group in that period.',
  cumulative: 'The figure is the money per customer of the group up to that period.',
};

/** Customers by the period of their first order, and what they did in each since. */
export function CohortMap({ cohorts, by, measure, currency }: { cohorts: Cohorts; by: Period; measure: Measure; currency: string | null }) {
  const periods = Math.max(0, ...cohorts.values.map((row) => row.length));
  const { cells, hasUnfinished } = useMemo(() => {
    const each = cohorts.values.flatMap((row, cohort) => row.map((value, period) => ({ value, period, cohort, size: cohorts.sizes[cohort] ?? 0 }))).filter((cell): cell is typeof cell & { value: number } => cell.value !== null && cell.size > 0);
    // In the first period everyone orders; the colours are for those that follow.
    const most = Math.max(...each.filter(({ period }) => period > 0 || measure === 'cumulative').map(({ value, size }) => value / size), 0) || 1;
    const show = (per: number): string => (measure === 'customers' ? formatShare(per) : measure === 'orders' ? per.toFixed(1) : formatMoney(per, currency));
    const made = each.map(({ value, period, cohort, size }): HeatCell => {
      const isUnfinished = cohorts.unfinished[cohort]?.[period] === true;
      const total = measure === 'customers' || measure === 'orders' ? `${formatCount(value)} ${WORDS[measure]}` : `${formatMoney(value, currency)} ${measure === 'revenue' ? 'in this period' : 'so far'}`;
      return {
        x: period,
        y: cohorts.cohorts.length - 1 - cohort,
        heat: Math.min(1, value / size / most),
        lines: [`${show(value / size)}${isUnfinished ? '*' : ''}`],
        tip: `<b>First order ${cohorts.cohorts[cohort]}</b> (${plural(size, 'customer')})<br>${period === 0 ? `In that ${by}` : `${plural(period, by)} later`}: ${total}, ${show(value / size)}${measure === 'customers' ? ' of them' : ' each'}${isUnfinished ? `<br>This ${by} is not over` : ''}`,
        isUnfinished,
      };
    });
    return { cells: made, hasUnfinished: made.some(({ isUnfinished }) => isUnfinished === true) };
  }, [cohorts, by, measure, currency]);
  const xs = useMemo(() => ({ name: `${by[0]?.toUpperCase()}${by.slice(1)}s since the first order`, labels: Array.from({ length: periods }, (_, index) => String(index)) }), [by, periods]);
  const ys = useMemo(() => ({ name: 'First order', labels: [...cohorts.cohorts].reverse() }), [cohorts.cohorts]);
  const data = useCallback(
    (): ChartData => ({
      columns: ['first order', 'customers', ...Array.from({ length: periods }, (_, index) => `${by} ${index}`), 'not over'],
      rows: cohorts.cohorts.map((name, cohort) => {
        const at = cohorts.unfinished[cohort]?.indexOf(true) ?? -1;
        return [name, cohorts.sizes[cohort] ?? 0, ...(cohorts.values[cohort] ?? []), at < 0 ? null : `${by} ${at}`];
      }),
    }),
    [cohorts, by, periods],
  );
  return (
    <HeatMap
      label={`Cohorts by ${by}: ${WORDS[measure]}`}
      explanation={`Each row is a group of customers by their first order; to the right is what they did later. ${EACH[measure]}${hasUnfinished ? ` * This ${by} is not over, so its figure will still grow.` : ''}`}
      xs={xs}
      ys={ys}
      cells={cells}
      data={data}
      filename={`cohorts-${by}-${measure}`}
      height={cohorts.cohorts.length * ROW + 60}
      minWidth={periods * COLUMN + LEFT + 16}
      left={LEFT}
    />
  );
}

import { useCallback, useMemo } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, short, tooltip, type ChartInk } from '@/charts/ink';
import { formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import { segmentShape } from '@/lib/palette';
import type { Usefulness } from '../api/charted';
import { formatValue } from './values';

export type Outcome = Usefulness['segments'][number];

export const markOf = ({ lasting_id }: Outcome): number => lasting_id ?? -1;
export const outcomeFormat = ({ kind }: Pick<Usefulness, 'kind'>) => (kind === 'category' ? formatShare : formatValue);
export const whatIsCompared = ({ column, value }: Pick<Usefulness, 'column' | 'value'>): string => (value === null ? `Mean ${column}` : `Share with ${column}: ${value}`);

/** A share or mean in each segment with its interval, and the line of all customers. */
export function OutcomeChart({ found }: { found: Usefulness }) {
  const { segments, overall } = found;
  const isNarrow = useIsNarrow();
  const what = whatIsCompared(found);
  // From the bottom up, as the axis counts.
  const rows = useMemo(() => [...segments].reverse(), [segments]);
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const format = outcomeFormat(found);
      const isWhole = segments.every(({ value, low }) => (low ?? value) >= 0);
      return {
        grid: { left: isNarrow ? 120 : 220, right: 24, top: 28, bottom: 44 },
        xAxis: { type: 'value', ...(isWhole ? { min: 0 } : { scale: true }), ...axis(ink, { name: what }, false), axisLabel: { color: ink.soft, fontSize: 12, hideOverlap: true, formatter: (value: number) => format(value) } },
        yAxis: { type: 'category', data: rows.map(({ cluster_name }) => short(cluster_name, isNarrow ? 16 : 30)), ...axis(ink, { name: '' }, true), axisLabel: { color: ink.ink, fontSize: 12 } },
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const row = rows[(item as unknown as { data: [number, number] }).data[1]];
            if (row === undefined) return '';
            const interval = row.low === null || row.high === null ? '' : `, 95% interval ${format(row.low)} to ${format(row.high)}`;
            return `<b>${escapeText(row.cluster_name)}</b><br>${format(row.value)} of ${plural(row.size, 'customer')}${interval}`;
          },
        },
        series: [
          ...rows.flatMap((row, y) =>
            row.low === null || row.high === null
              ? []
              : [{ type: 'line' as const, animation: false, symbol: 'none', lineStyle: { color: ink.segment(markOf(row)), width: 3, opacity: 0.6 }, silent: true, data: [[row.low, y], [row.high, y]] }],
          ),
          {
            type: 'scatter',
            symbolSize: 12,
            data: rows.map((row, y) => ({ value: [row.value, y], symbol: segmentShape(markOf(row)), itemStyle: { color: ink.segment(markOf(row)) } })),
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: ink.soft, type: 'dashed' },
              label: { formatter: `All: ${format(overall)}`, color: ink.soft, fontSize: 12, position: 'end' },
              data: [{ xAxis: overall }],
            },
          },
        ],
      };
    },
    [found, segments, rows, overall, what, isNarrow],
  );
  const data = useCallback(
    (): ChartData => ({ columns: ['segment', 'customers', what, '95% from', '95% to', 'lift', 'lift from', 'lift to'], rows: segments.map((each) => [each.cluster_name, each.size, each.value, each.low, each.high, each.lift, each.lift_low, each.lift_high]) }),
    [segments, what],
  );
  return (
    <Chart
      label={`${what}, by segment`}
      explanation="Each mark is a segment, its bar the range in which the true figure lies 95 times in 100; the dashed line is all customers. Where a bar crosses the line, the segment may be like everyone else."
      height={segments.length * 44 + 84}
      build={build}
      data={data}
      filename={`usefulness ${found.column}`}
    />
  );
}

import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, LARGE, tooltip, type ChartInk } from '@/charts/ink';
import { SegmentName } from '@/components/segment';
import { formatCount, plural } from '@/lib/format';
import { segmentShape } from '@/lib/palette';
import type { ChartedColumn, Points } from '../api/charted';
import type { Segment } from '../api/segmentations';
import { formatValue } from './values';

const axisOf = (ink: ChartInk, { name, unit, kind }: ChartedColumn, vertical: boolean) =>
  ({ type: kind === 'date' ? 'time' : 'value', scale: true, ...axis(ink, unit === null ? { name } : { name, unit }, vertical) }) as const;

/** Customers by two columns of their own, coloured by segment. */
export function TwoColumns({ points, segments }: { points: Points; segments: readonly Segment[] }) {
  const { x, y, xs, ys, identifiers, n_shown, n_customers, n_missing } = points;
  const nameOf = useCallback((segment: number): string => segments.find(({ lasting_id }) => lasting_id === segment)?.name ?? 'No segment', [segments]);
  const present = [...segments.map(({ lasting_id }) => lasting_id), ...(points.segments.includes(null) ? [-1] : [])];
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const bySegment = new Map<number, [number | string, number | string, string][]>();
      points.segments.forEach((segment, index) => {
        const row: [number | string, number | string, string] = [xs[index] ?? '', ys[index] ?? '', identifiers[index] ?? ''];
        const rows = bySegment.get(segment ?? -1);
        if (rows) rows.push(row);
        else bySegment.set(segment ?? -1, [row]);
      });
      return {
        grid: { left: 64, right: 16, top: 12, bottom: 44 },
        xAxis: axisOf(ink, x, false),
        yAxis: { ...axisOf(ink, y, true), nameGap: 48 },
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const { seriesName = '', data } = item as unknown as { seriesName?: string; data: [number | string, number | string, string] };
            return `<b>${escapeText(seriesName)}</b><br>Customer ${escapeText(data[2])}<br>${escapeText(x.name)}: ${escapeText(formatValue(data[0]))}<br>${escapeText(y.name)}: ${escapeText(formatValue(data[1]))}`;
          },
        },
        dataZoom: [
          { type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl' },
          { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl' },
        ],
        series: [...bySegment].map(([segment, data]) => ({
          type: 'scatter',
          name: nameOf(segment),
          animation: false,
          large: true,
          largeThreshold: LARGE,
          symbol: segmentShape(segment),
          symbolSize: n_shown > 2000 ? 5 : 8,
          itemStyle: { color: ink.segment(segment), opacity: 0.75 },
          data,
        })),
      };
    },
    [points, x, y, xs, ys, identifiers, n_shown, nameOf],
  );
  const data = useCallback(
    (): ChartData => ({ columns: ['customer', 'segment', x.name, y.name], rows: identifiers.map((identifier, index) => [identifier, nameOf(points.segments[index] ?? -1), xs[index] ?? null, ys[index] ?? null]) }),
    [points, x, y, xs, ys, identifiers, nameOf],
  );
  const shown = n_shown < n_customers ? `A sample of ${formatCount(n_shown)} of ${plural(n_customers, 'customer')}, from every segment.` : `${plural(n_customers, 'customer')}.`;
  const missing = n_missing > 0 ? ` ${plural(n_missing, 'customer')} without a value in one of the two ${n_missing === 1 ? 'is' : 'are'} left out.` : '';
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Segments" className="flex flex-wrap gap-x-4 gap-y-1 text-small">
        {present.map((segment) => (
          <li key={segment} className="max-w-full">
            <SegmentName wrap segment={segment} name={nameOf(segment)} />
          </li>
        ))}
      </ul>
      <Chart
        label={`${x.name} and ${y.name}, coloured by segment`}
        explanation={`Each point is a customer: ${x.name} from left to right, ${y.name} upwards. ${shown}${missing}`}
        height={400}
        build={build}
        data={data}
        filename={`${x.name} ${y.name}`}
      />
    </div>
  );
}

import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, LARGE, tooltip, type ChartInk } from '@/charts/ink';
import type { Marks } from '@/components/movement';
import { SegmentName } from '@/components/segment';
import { formatCount, formatShare } from '@/lib/format';
import { segmentShape } from '@/lib/palette';
import type { Projection, Run } from '../api/runs';

interface ScatterProps {
  projection: Projection;
  run: Run;
  /** Of the segments that the points are in. */
  names: readonly string[];
  marks: Marks;
  /** In which they are listed everywhere; their own where none is given. */
  order?: readonly number[] | undefined;
}

export function Scatter({ projection, run, names, marks, order }: ScatterProps) {
  const nameOf = useCallback((cluster: number): string => (cluster < 0 ? 'No segment' : (names[cluster] ?? `Segment ${cluster + 1}`)), [names]);
  const [first = 0, second = 0] = projection.explained_variance;
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const clusters = [...new Set(projection.points.map((point) => point.cluster))].sort((a, b) => a - b);
      return {
        grid: { left: 56, right: 12, top: 12, bottom: 44 },
        xAxis: { type: 'value', scale: true, ...axis(ink, { name: 'First component', unit: `${formatShare(first)} of the variation` }, false) },
        yAxis: { type: 'value', scale: true, ...axis(ink, { name: 'Second component', unit: formatShare(second) }, true) },
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const { seriesName = '', data } = item as unknown as { seriesName?: string; data: [number, number, string] };
            return `<b>${escapeText(seriesName)}</b><br>Customer ${escapeText(data[2])}`;
          },
        },
        dataZoom: [
          { type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl' },
          { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl' },
        ],
        series: clusters.map((cluster) => ({
          type: 'scatter',
          name: nameOf(cluster),
          animation: false,
          // As on the map of all customers.
          large: true,
          largeThreshold: LARGE,
          symbol: segmentShape(marks(cluster)),
          symbolSize: projection.points.length > 2000 ? 5 : 8,
          itemStyle: { color: ink.segment(cluster < 0 ? cluster : marks(cluster)), opacity: 0.75 },
          data: projection.points.filter((point) => point.cluster === cluster).map((point) => [point.x, point.y, point.customer_id]),
        })),
      };
    },
    [projection, nameOf, marks, first, second],
  );
  const data = useCallback(
    (): ChartData => ({ columns: ['customer', 'segment', 'first', 'second'], rows: projection.points.map((point) => [point.customer_id, nameOf(point.cluster), point.x, point.y]) }),
    [projection, nameOf],
  );
  const shown = projection.n_shown < projection.n_samples ? `${formatCount(projection.n_shown)} of ${formatCount(projection.n_samples)} customers` : `${formatCount(projection.n_shown)} customers`;
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Segments" className="flex flex-wrap gap-x-4 gap-y-1 text-small">
        {[...(order ?? names.keys()), ...(run.n_noise > 0 ? [-1] : [])].map((cluster) => (
          <li key={cluster} className="max-w-full">
            <SegmentName wrap segment={cluster < 0 ? cluster : marks(cluster)} name={nameOf(cluster)} />
          </li>
        ))}
      </ul>
      <Chart
        label="Map of customers, coloured by segment"
        explanation={`All columns projected onto the two directions in which customers differ most (${formatShare(first + second)} of the variation): ${shown}. Segments that overlap here may still be separate in other columns.`}
        height={400}
        build={build}
        data={data}
        filename="map-of-customers"
      />
    </div>
  );
}

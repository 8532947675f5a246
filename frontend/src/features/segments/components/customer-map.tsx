import { useCallback, useMemo, useState } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, LARGE, tooltip, type ChartInk } from '@/charts/ink';
import { Select } from '@/components/field';
import { OWN, type Marks } from '@/components/movement';
import { SegmentName } from '@/components/segment';
import { NUMBER_FIELDS, type NumberField } from '@/lib/customer';
import { formatCount, formatIncome, formatNumber } from '@/lib/format';
import { segmentShape } from '@/lib/palette';
import type { Segment } from '../api/get-clusters';
import type { Points } from '../api/get-points';
import type { Prediction } from '../api/predict';
import { placeOnMap, type Place } from './map-edge';

interface CustomerMapProps {
  points: Points;
  segments: readonly Segment[];
  marks?: Marks;
  prediction?: Prediction | null;
  height?: number;
}

const wordsOf = (field: NumberField) => NUMBER_FIELDS.find(({ name }) => name === field) ?? NUMBER_FIELDS[0];

/** A label stands above its point; at the map's edge it goes inward, where there is room for it. */
function labelSide({ at, isBeyond }: Place, across: readonly number[]): 'top' | 'left' | 'right' {
  if (!isBeyond) return 'top';
  const mean = across.reduce((sum, value) => sum + value, 0) / across.length;
  return at[0] > mean ? 'left' : 'right';
}

/** Every customer as a point, coloured by segment, the new one marked. */
export function CustomerMap({ points, segments, marks = OWN, prediction = null, height = 420 }: CustomerMapProps) {
  const [x, setX] = useState<NumberField>('annual_income');
  const [y, setY] = useState<NumberField>('spending_score');

  const place = useMemo(() => prediction && placeOnMap([prediction.customer_data[x], prediction.customer_data[y]], points[x], points[y]), [prediction, points, x, y]);
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const groups = new Map<number, [number, number][]>();
      points.cluster.forEach((cluster, index) => {
        const point: [number, number] = [points[x][index] ?? 0, points[y][index] ?? 0];
        const group = groups.get(cluster);
        if (group) group.push(point);
        else groups.set(cluster, [point]);
      });
      const size = points.cluster.length > 3000 ? 5 : 7;
      const words = (value: number, field: NumberField): string => (field === 'annual_income' ? formatIncome(value) : formatNumber(value));
      return {
        grid: { left: 56, right: 12, top: 12, bottom: 44 },
        xAxis: { type: 'value', scale: true, ...axis(ink, { name: wordsOf(x).label, unit: wordsOf(x).unit }, false) },
        yAxis: { type: 'value', scale: true, ...axis(ink, { name: wordsOf(y).label, unit: wordsOf(y).unit }, true) },
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const { seriesName = '', value } = item as unknown as { seriesName?: string; value: number[] };
            // One that is drawn at the edge has its own figures after those of its place.
            const [across = NaN, up = NaN] = value.slice(-2);
            return `<b>${escapeText(seriesName)}</b><br>${wordsOf(x).label}: ${words(across, x)}<br>${wordsOf(y).label}: ${words(up, y)}`;
          },
        },
        dataZoom: [
          { type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', preventDefaultMouseMove: false },
          { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', preventDefaultMouseMove: false },
        ],
        series: [
          ...segments.map((segment) => ({
            type: 'scatter' as const,
            name: segment.cluster_name,
            data: groups.get(segment.cluster_id) ?? [],
            symbol: segmentShape(marks(segment.cluster_id)),
            symbolSize: size,
            itemStyle: { color: ink.segment(marks(segment.cluster_id)), opacity: prediction ? 0.65 : 0.8 },
            animation: false,
            // One path for a whole segment: thousands of points move without a stutter.
            large: true,
            largeThreshold: LARGE,
          })),
          ...(prediction && place
            ? [
                {
                  type: 'scatter' as const,
                  name: 'This customer',
                  data: [[...place.at, prediction.customer_data[x], prediction.customer_data[y]]],
                  symbol: 'circle',
                  symbolSize: 18,
                  z: 10,
                  itemStyle: { color: ink.segment(marks(prediction.cluster)), opacity: 1, borderColor: ink.ink, borderWidth: 3 },
                  label: { show: true, position: labelSide(place, points[x]), formatter: place.isBeyond ? 'This customer, beyond the map' : 'This customer', color: ink.ink, fontWeight: 'bold' as const, fontSize: 13, textBorderColor: ink.surface, textBorderWidth: 3 },
                },
              ]
            : []),
        ],
      };
    },
    [points, segments, marks, prediction, place, x, y],
  );

  const data = useCallback((): ChartData => {
    const names = new Map(segments.map((segment) => [segment.cluster_id, segment.cluster_name]));
    return {
      columns: ['segment', ...NUMBER_FIELDS.map(({ name }) => name)],
      rows: points.cluster.map((cluster, index) => [names.get(cluster) ?? '', ...NUMBER_FIELDS.map(({ name }) => points[name][index] ?? null)]),
    };
  }, [points, segments]);

  const shown = points.cluster.length;
  const sampled = shown < points.n_customers ? `${formatCount(shown)} of ${formatCount(points.n_customers)} customers, sampled at random` : `${formatCount(shown)} customers`;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <ul aria-label="Segments" className="flex min-w-0 flex-wrap gap-x-4 gap-y-1 text-small">
          {segments.map((segment) => (
            <li key={segment.cluster_id} className="max-w-full">
              <SegmentName wrap segment={marks(segment.cluster_id)} name={segment.cluster_name} />
            </li>
          ))}
        </ul>
        <div className="flex gap-2">
          {(
            [
              ['Across', x, setX],
              ['Up', y, setY],
            ] as const
          ).map(([label, value, choose]) => (
            <Select wrap key={label} label={label} value={value} onChange={(event) => choose(event.target.value as NumberField)}>
              {NUMBER_FIELDS.map((field) => (
                <option key={field.name} value={field.name}>
                  {field.label}
                </option>
              ))}
            </Select>
          ))}
        </div>
      </div>
      <Chart
        label={`Map of customers by ${wordsOf(x).label.toLowerCase()} and ${wordsOf(y).label.toLowerCase()}, coloured by segment`}
        explanation={`Each point is a customer, each colour and shape a segment: ${sampled}.${place?.isBeyond ? ' This customer is far beyond the map and marked at its edge.' : ''} Hold Ctrl and scroll, or pinch, to zoom.`}
        height={height}
        build={build}
        data={data}
        filename="customer-map"
      />
    </div>
  );
}

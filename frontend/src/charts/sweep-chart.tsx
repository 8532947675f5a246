import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { formatNumber, formatScore } from '@/lib/format';
import { Chart, type ChartData } from './chart';
import { axis, tooltip, type ChartInk } from './ink';

/** What was measured for each number of segments; nothing where the customers were too few. */
export interface Sweep {
  k_range: readonly number[];
  silhouette_scores: readonly (number | null)[];
  inertias: readonly (number | null)[];
}

interface SweepChartProps {
  sweep: Sweep;
  chosen: number;
  measure: 'silhouette_scores' | 'inertias';
}

const WORDS = {
  silhouette_scores: {
    title: 'Silhouette',
    show: formatScore,
    explanation: 'How well separated the segments are, from 0 (not at all) to 1. Higher is better.',
  },
  inertias: {
    title: 'Inertia',
    show: formatNumber,
    explanation: 'How far customers are from the middle of their segment. It always falls as segments are added; look for the point where it levels off.',
  },
} as const;

/** Above the point, but beside it where it is the first, as the axis has its figures there; and to the right of it where the line comes down to it from the left. */
function besideTheLine(values: readonly (number | null)[], index: number) {
  const falls = (values[index - 1] ?? -Infinity) > (values[index] ?? 0);
  if (index === 0) return { position: 'right' as const, offset: [4, -8] };
  if (!falls) return { position: 'top' as const };
  return index < values.length - 1 ? { position: 'right' as const, offset: [0, -12] } : { position: 'bottom' as const, align: 'right' as const };
}

export function SweepChart({ sweep, chosen, measure }: SweepChartProps) {
  const { title, show, explanation } = WORDS[measure];
  const values = sweep[measure];
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 64, right: 20, top: 28, bottom: 44 },
      xAxis: { type: 'category', data: sweep.k_range.map(String), ...axis(ink, { name: 'Number of segments' }, false) },
      yAxis: { type: 'value', scale: measure === 'inertias', ...axis(ink, { name: title }, true), nameGap: 50 },
      tooltip: { ...tooltip(ink), trigger: 'axis', valueFormatter: (value) => show(value as number | null) },
      series: [
        {
          type: 'line',
          name: title,
          data: values.map((value, index) => ({
            value: value ?? '-',
            symbolSize: sweep.k_range[index] === chosen ? 13 : 7,
            symbol: 'circle',
            itemStyle: { color: ink.accent },
            label:
              sweep.k_range[index] === chosen
                ? { show: true, ...besideTheLine(values, index), formatter: `${chosen} chosen`, color: ink.ink, fontWeight: 'bold' as const, fontSize: 13, textBorderColor: ink.surface, textBorderWidth: 3 }
                : { show: false },
          })),
          lineStyle: { color: ink.accent, width: 2 },
        },
      ],
    }),
    [sweep.k_range, values, measure, title, show, chosen],
  );
  const data = useCallback(
    (): ChartData => ({
      columns: ['segments', title.toLowerCase()],
      rows: sweep.k_range.map((k, index) => [k, values[index] ?? null]),
    }),
    [sweep.k_range, values, title],
  );
  return (
    <Chart
      label={`${title} by number of segments; ${chosen} chosen`}
      explanation={explanation}
      height={240}
      build={build}
      data={data}
      filename={title.toLowerCase()}
    />
  );
}

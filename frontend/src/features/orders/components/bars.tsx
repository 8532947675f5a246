import { useCallback, useMemo } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, tooltip, type ChartInk } from '@/charts/ink';
import { useIsNarrow } from '@/lib/narrow';

export interface BarRow {
  name: string;
  value: number;
  /** Written at its end. */
  text: string;
  /** Drawn back, as what is left out. */
  isQuiet?: boolean;
}

interface BarsProps {
  label: string;
  explanation: string;
  /** What the bars measure. */
  measure: string;
  /** From the top down. */
  rows: readonly BarRow[];
  data: () => ChartData;
  filename: string;
}

const [ROW, BELOW] = [38, 44];

/** Rows with a bar each, the name before it and the figure at its end. */
export function Bars({ label, explanation, measure, rows, data, filename }: BarsProps) {
  const isNarrow = useIsNarrow();
  const left = isNarrow ? 112 : 240;
  const upwards = useMemo(() => [...rows].reverse(), [rows]);
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left, right: isNarrow ? 100 : 120, top: 4, bottom: BELOW },
      xAxis: { type: 'value', ...axis(ink, { name: measure }, false), splitNumber: isNarrow ? 2 : 5 },
      yAxis: { type: 'category', data: upwards.map(({ name }) => name), ...axis(ink, { name: '' }, true), axisLabel: { color: ink.ink, fontSize: 12, width: left - 12, overflow: 'break', lineHeight: 15 }, splitLine: { show: false } },
      tooltip: { ...tooltip(ink), formatter: (item) => { const { dataIndex } = item as unknown as { dataIndex: number }; const row = upwards[dataIndex]; return row ? `${escapeText(row.name)}<br><b>${escapeText(row.text)}</b>` : ''; } },
      series: [
        {
          type: 'bar',
          barWidth: '60%',
          data: upwards.map(({ value, text, isQuiet = false }) => ({
            value,
            itemStyle: { color: isQuiet ? ink.line : ink.accent, borderColor: isQuiet ? ink.soft : ink.accent, borderWidth: 1 },
            label: { show: true, position: 'right' as const, formatter: text, color: ink.ink, fontSize: 12 },
          })),
        },
      ],
    }),
    [upwards, measure, left, isNarrow],
  );
  return <Chart label={label} explanation={explanation} height={rows.length * ROW + BELOW} build={build} data={data} filename={filename} />;
}

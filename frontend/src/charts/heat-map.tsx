import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from './chart';
import { axis, tooltip, type ChartInk } from './ink';

export interface HeatCell {
  x: number;
  y: number;
  /** How strong the colour is, from 0 to 1. */
  heat: number;
  /** Written into the cell, one line each. */
  lines: readonly string[];
  /** Markup for the tooltip; what comes from files has to be escaped. */
  tip: string;
  /** Not a whole value yet; drawn with a dashed edge. */
  isUnfinished?: boolean;
}

interface HeatMapProps {
  label: string;
  explanation: string;
  xs: { name: string; labels: readonly string[] };
  /** From the bottom up. */
  ys: { name: string; labels: readonly string[] };
  cells: readonly HeatCell[];
  data: () => ChartData;
  filename: string;
  height: number;
  minWidth?: number;
  /** Room for each label below the cells, so that none is left out: what is longer is cut. */
  labelWidth?: number;
  /** Room left of the cells, for the labels there. */
  left?: number;
  onPick?: (index: number) => void;
}

/** Red, green and blue of `#2450c8`, or of `#fff`, as a built style sheet shortens it. */
const channels = (color: string): number[] => (color.length === 4 ? [1, 2, 3].map((at) => parseInt(color.charAt(at).repeat(2), 16)) : [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));

/** Relative luminance, by WCAG 2. */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Of the two colours of text, the one that is easier to read on a cell of this heat. */
function textOn({ sunken, accent, ink, onAccent }: ChartInk, heat: number): string {
  const [low, high] = [channels(sunken), channels(accent)];
  const cell = low.map((value, index) => value + heat * ((high[index] ?? 0) - value));
  return contrast(channels(onAccent), cell) > contrast(channels(ink), cell) ? onAccent : ink;
}

/** Every label has its room, rather than some being left out. */
const every = ({ soft }: ChartInk, width: number | undefined) => (width === undefined ? {} : { axisLabel: { color: soft, fontSize: 12, interval: 0, width, overflow: 'truncate' as const } });

/** A grid of cells, each the stronger coloured the more it holds. */
export function HeatMap({ label, explanation, xs, ys, cells, data, filename, height, minWidth, labelWidth, left = 64, onPick }: HeatMapProps) {
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left, right: 8, top: 8, bottom: 48 },
      xAxis: { type: 'category', data: [...xs.labels], ...axis(ink, { name: xs.name }, false), ...every(ink, labelWidth), splitLine: { show: false } },
      yAxis: { type: 'category', data: [...ys.labels], ...axis(ink, { name: ys.name }, true), nameGap: left - 18, splitLine: { show: false } },
      tooltip: { ...tooltip(ink), formatter: (item) => cells[(item as unknown as { dataIndex: number }).dataIndex]?.tip ?? '' },
      visualMap: { type: 'continuous', show: false, min: 0, max: 1, dimension: 2, inRange: { color: [ink.sunken, ink.accent] } },
      series: [
        {
          type: 'heatmap',
          cursor: onPick ? 'pointer' : 'default',
          data: cells.map(({ x, y, heat, lines, isUnfinished = false }) => ({
            value: [x, y, heat],
            itemStyle: { borderColor: isUnfinished ? ink.soft : ink.surface, borderWidth: isUnfinished ? 1.5 : 2, borderType: isUnfinished ? ('dashed' as const) : ('solid' as const), borderRadius: 4 },
            label: { show: lines.length > 0, formatter: lines.join('\n'), color: textOn(ink, heat), fontSize: 12, lineHeight: 16 },
          })),
        },
      ],
    }),
    [xs, ys, cells, left, labelWidth, onPick],
  );
  return <Chart label={label} explanation={explanation} height={height} build={build} data={data} filename={filename} {...(minWidth === undefined ? {} : { minWidth })} {...(onPick ? { onPick } : {})} />;
}

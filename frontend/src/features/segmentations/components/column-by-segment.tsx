import { useCallback, useMemo } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { HeatMap, type HeatCell } from '@/charts/heat-map';
import { axis, escapeText, short, tooltip, type ChartInk } from '@/charts/ink';
import { formatCount, formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { BySegment } from '../api/charted';
import { formatValue } from './values';

type InSegment = BySegment['segments'][number];

const ROW = 88;
const TOP = 28;
const CELL = 76;

/** What a bin or a level is called. */
function binsOf({ edges, levels, open_low, open_high }: BySegment): string[] {
  if (levels) return levels;
  const ends = (edges ?? []).map(formatValue);
  return ends.slice(0, -1).map((low, index) => {
    const high = ends[index + 1] ?? '';
    if (index === 0 && open_low) return `below ${high}`;
    if (index === ends.length - 2 && open_high) return `${low} and more`;
    return `${low} to ${high}`;
  });
}

const wordsOf = ({ name, unit }: Pick<BySegment, 'name' | 'unit'>) => (unit === null ? { name } : { name, unit });
const missingIn = (segments: readonly InSegment[]): number => segments.reduce((sum, { missing }) => sum + missing, 0);

/** How the values of any column spread over the customers of each segment. */
export function ColumnBySegmentChart({ found }: { found: BySegment }) {
  const bins = useMemo(() => binsOf(found), [found]);
  const data = useCallback(
    (): ChartData => ({
      columns: ['segment', found.name, 'customers', 'share of the segment'],
      rows: found.segments.flatMap(({ segment_name, counts, other, missing, shares }) => [
        ...bins.map((bin, index) => [segment_name, bin, counts[index] ?? 0, shares[index] ?? 0]),
        ...(other > 0 ? [[segment_name, 'all others', other, null]] : []),
        ...(missing > 0 ? [[segment_name, 'no value', missing, null]] : []),
      ]),
    }),
    [found, bins],
  );
  const missing = missingIn(found.segments);
  const note = missing > 0 ? ` ${plural(missing, 'customer')} without a value ${missing === 1 ? 'is' : 'are'} left out.` : '';
  return found.kind === 'category' ? <Shares found={found} bins={bins} data={data} note={note} /> : <Histograms found={found} bins={bins} data={data} note={note} />;
}

interface ViewProps {
  found: BySegment;
  bins: readonly string[];
  data: () => ChartData;
  note: string;
}

/** One histogram per segment, all on the same scales; each is named where it is. */
function Histograms({ found, bins, data, note }: ViewProps) {
  const { segments } = found;
  const isNarrow = useIsNarrow();
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const most = Math.max(0.01, ...segments.flatMap(({ shares }) => shares));
      const titleOf = ({ segment_name, mean }: InSegment): string => `${short(segment_name, isNarrow ? 26 : 60)}${mean === null ? '' : `, mean ${formatValue(mean)}`}`;
      return {
        grid: segments.map((_, row) => ({ left: 48, right: 8, top: row * ROW + TOP, height: ROW - TOP - 12 })),
        xAxis: segments.map((_, row) => ({
          type: 'category',
          gridIndex: row,
          data: [...bins],
          ...axis(ink, row === segments.length - 1 ? wordsOf(found) : { name: '' }, false),
          ...(row === segments.length - 1 ? {} : { axisLabel: { show: false } }),
          splitLine: { show: false },
        })),
        yAxis: segments.map((segment, row) => ({
          type: 'value',
          gridIndex: row,
          min: 0,
          max: most,
          interval: most,
          ...axis(ink, { name: titleOf(segment) }, true),
          nameLocation: 'end',
          nameGap: 10,
          nameTextStyle: { color: ink.ink, fontSize: 12, align: 'left', padding: [0, 0, 0, -40] },
          axisLabel: { color: ink.soft, fontSize: 11, formatter: (value: number) => formatShare(value) },
        })),
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const { seriesIndex = 0, dataIndex = 0 } = item as unknown as { seriesIndex?: number; dataIndex?: number };
            const segment = segments[seriesIndex];
            if (segment === undefined) return '';
            return `<b>${escapeText(segment.segment_name)}</b><br>${escapeText(found.name)} ${escapeText(bins[dataIndex] ?? '')}: ${formatShare(segment.shares[dataIndex] ?? 0)}, ${plural(segment.counts[dataIndex] ?? 0, 'customer')}`;
          },
        },
        series: segments.map(({ segment, shares }, row) => ({
          type: 'bar',
          xAxisIndex: row,
          yAxisIndex: row,
          barCategoryGap: found.levels ? '30%' : 1,
          itemStyle: { color: ink.segment(segment ?? -1) },
          data: [...shares],
        })),
      };
    },
    [found, segments, bins, isNarrow],
  );
  return (
    <Chart
      label={`${found.name} by segment`}
      explanation={`One row per segment, all on the same scale: the higher a bar, the larger the share of the segment’s customers with this ${found.kind === 'date' ? 'date' : 'value'}, from 0%.${note}`}
      height={segments.length * ROW + 40}
      build={build}
      data={data}
      filename={found.name}
    />
  );
}

/** Segments by categories, with the share in words and figures: long names have their room. */
function Shares({ found, bins, data, note }: ViewProps) {
  const { segments } = found;
  const isNarrow = useIsNarrow();
  const hasOthers = segments.some(({ other }) => other > 0);
  const cells = useMemo(() => {
    const most = Math.max(1e-9, ...segments.flatMap(({ shares }) => shares));
    return segments.flatMap(({ segment_name, counts, shares, other }, row) => {
      const known = counts.reduce((sum, count) => sum + count, other);
      const all = [...bins.map((bin, x) => ({ bin, x, share: shares[x] ?? 0, count: counts[x] ?? 0 })), ...(hasOthers ? [{ bin: 'all others', x: bins.length, share: known > 0 ? other / known : 0, count: other }] : [])];
      return all.map(
        ({ bin, x, share, count }): HeatCell => ({
          x,
          y: segments.length - 1 - row,
          heat: Math.min(1, share / most),
          lines: [formatShare(share)],
          tip: `<b>${escapeText(segment_name)}</b><br>${escapeText(bin)}: ${formatCount(count)} of ${plural(known, 'customer')} (${formatShare(share)})`,
        }),
      );
    });
  }, [segments, bins, hasOthers]);
  const xs = useMemo(() => ({ name: found.name, labels: [...bins, ...(hasOthers ? ['all others'] : [])].map((bin) => short(bin, 24)) }), [found.name, bins, hasOthers]);
  const ys = useMemo(() => ({ name: 'Segments', labels: [...segments].reverse().map(({ segment_name }) => short(segment_name, isNarrow ? 14 : 28)) }), [segments, isNarrow]);
  const left = isNarrow ? 116 : 212;
  return (
    <HeatMap
      label={`${found.name} by segment`}
      explanation={`Each row is a segment and adds up to 100%: the stronger the colour, the larger the share of its customers in this category.${note}`}
      xs={xs}
      ys={ys}
      cells={cells}
      data={data}
      filename={found.name}
      height={segments.length * 44 + 64}
      minWidth={xs.labels.length * CELL + left}
      labelWidth={CELL - 6}
      left={left}
    />
  );
}

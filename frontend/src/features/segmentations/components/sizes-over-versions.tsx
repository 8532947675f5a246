import { useCallback, useMemo } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, escapeText, short, tooltip, type ChartInk } from '@/charts/ink';
import { formatDay, formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import { segmentShape } from '@/lib/palette';
import type { Version } from '../api/segmentations';

/** How large each lasting segment was in every version; a line ends where a version has none like it. */
export function SizesOverVersions({ versions }: { versions: readonly Version[] }) {
  const isNarrow = useIsNarrow();
  const oldestFirst = useMemo(() => [...versions].sort((a, b) => a.version - b.version), [versions]);
  const lines = useMemo(() => {
    const named = new Map(oldestFirst.flatMap(({ segments }) => segments.map(({ lasting_id, name }) => [lasting_id, name] as const)));
    return [...named].map(([lasting_id, name]) => ({ lasting_id, name, found: oldestFirst.map(({ segments }) => segments.find((segment) => segment.lasting_id === lasting_id) ?? null) }));
  }, [oldestFirst]);
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 52, right: isNarrow ? 120 : 220, top: 12, bottom: 44 },
      xAxis: { type: 'category', boundaryGap: false, data: oldestFirst.map(({ version }) => String(version)), ...axis(ink, { name: 'Version' }, false) },
      yAxis: { type: 'value', min: 0, ...axis(ink, { name: 'Share of the customers' }, true), axisLabel: { color: ink.soft, fontSize: 12, formatter: (value: number) => formatShare(value) } },
      tooltip: {
        ...tooltip(ink),
        formatter: (item) => {
          const { seriesIndex = 0, dataIndex = 0 } = item as unknown as { seriesIndex?: number; dataIndex?: number };
          const [line, version] = [lines[seriesIndex], oldestFirst[dataIndex]];
          const segment = line?.found[dataIndex];
          return segment && version ? `<b>${escapeText(segment.name)}</b><br>Version ${version.version}, ${formatDay(version.created_at)}: ${formatShare(segment.share)}, ${plural(segment.size, 'customer')}` : '';
        },
      },
      series: lines.map(({ lasting_id, name, found }) => ({
        type: 'line',
        name,
        symbol: segmentShape(lasting_id),
        symbolSize: 9,
        lineStyle: { color: ink.segment(lasting_id), width: 2 },
        itemStyle: { color: ink.segment(lasting_id) },
        // Named where its line ends.
        endLabel: { show: true, formatter: short(name, isNarrow ? 16 : 32), color: ink.ink, fontSize: 12 },
        labelLayout: { moveOverlap: 'shiftY' },
        data: found.map((segment) => segment?.share ?? null),
      })),
    }),
    [lines, oldestFirst, isNarrow],
  );
  const data = useCallback(
    (): ChartData => ({ columns: ['segment', 'version', 'customers', 'share'], rows: lines.flatMap(({ name, found }) => found.map((segment, index) => [name, oldestFirst[index]?.version ?? null, segment?.size ?? 0, segment?.share ?? 0])) }),
    [lines, oldestFirst],
  );
  return (
    <Chart
      label="Share of each segment, by version"
      explanation="Each line is a segment that keeps its name from version to version: the higher, the larger its share of all customers, from 0%. A line begins or ends where a version has no segment like it."
      height={Math.max(280, lines.length * 28)}
      build={build}
      data={data}
      filename="sizes-over-versions"
    />
  );
}

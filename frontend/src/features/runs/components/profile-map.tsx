import { useCallback, useMemo } from 'react';
import type { ChartData } from '@/charts/chart';
import { HeatMap, type HeatCell } from '@/charts/heat-map';
import { escapeText, short } from '@/charts/ink';
import { formatNumber, formatShare } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { Profile } from '../api/runs';

type Difference = Profile['differences'][number];

const MOST_COLUMNS = 10;
const ROW = 44;
const COLUMN = 88;

const nameOf = ({ column, level }: Difference): string => (level === null ? column : `${column}: ${level}`);
const figureOf = ({ level }: Difference, value: number): string => (level === null ? formatNumber(value) : formatShare(value));

/** Cohen's words for the size of an effect. */
const sizeOf = (effect: number): string => (Math.abs(effect) >= 0.8 ? 'a large difference' : Math.abs(effect) >= 0.5 ? 'a clear difference' : 'a small difference');

/** A cell in words. */
function sayDifference(difference: Difference): string {
  const { column, level, value, rest, effect } = difference;
  const [own, others] = [figureOf(difference, value), figureOf(difference, rest)];
  return level === null ? `${value > rest ? 'Higher' : 'Lower'} ${column}: ${own} on average vs ${others} of all others, ${sizeOf(effect)}` : `${own} have ${column} “${level}” vs ${others} of all others, ${sizeOf(effect)}`;
}

/** What sets each segment apart, all of them side by side: the stronger the colour, the larger the difference. */
export function ProfileMap({ profiles }: { profiles: readonly Profile[] }) {
  const isNarrow = useIsNarrow();
  const { columns, cells } = useMemo(() => {
    const strongest = new Map<string, number>();
    for (const difference of profiles.flatMap(({ differences }) => differences)) strongest.set(nameOf(difference), Math.max(strongest.get(nameOf(difference)) ?? 0, Math.abs(difference.effect)));
    const names = [...strongest].sort(([, a], [, b]) => b - a).slice(0, MOST_COLUMNS).map(([name]) => name);
    const most = Math.max(...strongest.values(), 1e-9);
    const made = profiles.flatMap(({ cluster_name, differences }, row) =>
      differences.flatMap((difference): HeatCell[] => {
        const x = names.indexOf(nameOf(difference));
        const { value, rest, effect } = difference;
        return x < 0
          ? []
          : [
              {
                x,
                y: profiles.length - 1 - row,
                heat: Math.abs(effect) / most,
                lines: [`${value > rest ? '↑' : '↓'} ${figureOf(difference, value)}`],
                tip: `<b>${escapeText(cluster_name)}</b><br>${escapeText(sayDifference(difference))}`,
              },
            ];
      }),
    );
    return { columns: names, cells: made };
  }, [profiles]);
  const xs = useMemo(() => ({ name: 'Columns', labels: columns.map((name) => short(name, 24)) }), [columns]);
  const ys = useMemo(() => ({ name: 'Segments', labels: [...profiles].reverse().map(({ cluster_name }) => short(cluster_name, isNarrow ? 14 : 28)) }), [profiles, isNarrow]);
  const data = useCallback(
    (): ChartData => ({
      columns: ['segment', 'column', 'segment’s figure', 'all others'],
      rows: profiles.flatMap(({ cluster_name, differences }) => differences.map((difference) => [cluster_name, nameOf(difference), difference.value, difference.rest])),
    }),
    [profiles],
  );
  if (cells.length === 0) return <p className="text-small text-soft">No column sets one of these segments clearly apart.</p>;
  const left = isNarrow ? 116 : 212;
  return (
    <HeatMap
      label="What sets each segment apart, by column"
      explanation="Each row is a segment, each figure its average or share. An arrow up means more than the other customers have, an arrow down less; the stronger the colour, the larger the difference. Empty cells are about the same as everyone else."
      xs={xs}
      ys={ys}
      cells={cells}
      data={data}
      filename="profiles"
      height={profiles.length * ROW + 64}
      minWidth={columns.length * COLUMN + left}
      labelWidth={COLUMN - 6}
      left={left}
    />
  );
}

import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { escapeText, tooltip, type ChartInk } from '@/charts/ink';
import { MovementMatrix } from '@/components/movement';
import { SegmentName } from '@/components/segment';
import { Table, type Column } from '@/components/table';
import { formatCount, formatMoney, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { Migration, Move } from '../api/views';

/** By which mark a segment is drawn; those that came or went belong to none. */
const markOf = (names: readonly string[], name: string, isLast: boolean): number => (isLast ? -1 : names.indexOf(name));

export const sourceMark = ({ sources }: Migration, name: string): number => markOf(sources, name, sources.at(-1) === name);
export const targetMark = ({ targets }: Migration, name: string): number => markOf(targets, name, targets.at(-1) === name);

interface FlowProps {
  migration: Migration;
  currency: string | null;
  onPick: (move: Move) => void;
}

/** Customers flowing from the segments of the earlier day to those of the later one. */
export function MovementFlow({ migration, currency, onPick }: FlowProps) {
  const isNarrow = useIsNarrow();
  const { moves } = migration;
  const build = useCallback(
    (ink: ChartInk): EChartsOption => {
      const from = migration.sources.filter((name) => moves.some(({ source }) => source === name));
      const to = migration.targets.filter((name) => moves.some(({ target }) => target === name));
      const node = (side: 'from' | 'to', name: string) => ({
        name: `${side} ${name}`,
        itemStyle: { color: ink.segment(side === 'from' ? sourceMark(migration, name) : targetMark(migration, name)), borderWidth: 0 },
        label: { position: side === 'from' ? ('left' as const) : ('right' as const), formatter: name, color: ink.ink, fontSize: 12, width: isNarrow ? 108 : 130, overflow: 'truncate' as const },
      });
      return {
        // It would draw the labels cut off.
        animation: false,
        tooltip: {
          ...tooltip(ink),
          formatter: (item) => {
            const { dataType, dataIndex, value } = item as unknown as { dataType: string; dataIndex: number; value: number };
            const move = moves[dataIndex];
            if (dataType !== 'edge' || !move) return plural(value, 'customer');
            return `${escapeText(move.source)} → ${escapeText(move.target)}<br><b>${plural(move.customers, 'customer')}</b>${move.money_after === null ? '' : `<br>${formatMoney(move.money_after, currency)} so far`}`;
          },
        },
        series: [
          {
            type: 'sankey',
            left: isNarrow ? 112 : 140,
            right: isNarrow ? 112 : 140,
            top: 8,
            bottom: 8,
            nodeWidth: 12,
            nodeGap: 10,
            layoutIterations: 0,
            draggable: false,
            data: [...from.map((name) => node('from', name)), ...to.map((name) => node('to', name))],
            links: moves.map(({ source, target, customers }) => ({ source: `from ${source}`, target: `to ${target}`, value: customers })),
            lineStyle: { color: 'source', opacity: 0.35, curveness: 0.5 },
          },
        ],
      };
    },
    [migration, moves, currency, isNarrow],
  );
  const data = useCallback(
    (): ChartData => ({
      columns: ['from', 'to', 'customers', 'money before', 'money after'],
      rows: moves.map((move) => [move.source, move.target, move.customers, move.money_before, move.money_after]),
    }),
    [moves],
  );
  return (
    <Chart
      label="Customers flowing between segments from the earlier day to the later one"
      explanation="On the left are the segments of the earlier day, on the right those of the later one. The thicker a band, the more customers made that move. Choose a band to see them."
      height={460}
      build={build}
      data={data}
      filename="movement"
      onPick={(index) => {
        const move = moves[index];
        if (move) onPick(move);
      }}
    />
  );
}

/** The same in figures: rows are the earlier segments, columns the later ones. */
export function MovementTable({ migration }: { migration: Migration }) {
  const { moves } = migration;
  const rows = migration.sources.filter((name) => moves.some(({ source }) => source === name));
  const columns = migration.targets.filter((name) => moves.some(({ target }) => target === name));
  const matrix = rows.map((source) => columns.map((target) => moves.find((move) => move.source === source && move.target === target)?.customers ?? 0));
  return (
    <MovementMatrix
      title="Customers by segment"
      movement={{ n_customers: moves.reduce((sum, { customers }) => sum + customers, 0), rows, columns, matrix }}
      stays={(row, column) => rows[row] === columns[column]}
      rowMarks={(row) => sourceMark(migration, rows[row] ?? '')}
      marks={(column) => targetMark(migration, columns[column] ?? '')}
    />
  );
}

const LARGEST = 12;

/** The moves that concern most, each of which leads to its customers. */
export function LargestMoves({ migration, currency, onPick }: FlowProps) {
  const moved = migration.moves.filter(({ source, target }) => source !== target).sort((a, b) => b.customers - a.customers);
  const columns: Column<Move>[] = [
    {
      id: 'move',
      title: 'From and to',
      cell: (move) => (
        <button type="button" className="flex max-w-full flex-wrap items-center gap-x-2 text-left hover:underline max-md:min-h-11" onClick={() => onPick(move)}>
          <SegmentName wrap segment={sourceMark(migration, move.source)} name={move.source} />
          <span className="sr-only"> to </span>
          <span aria-hidden>→</span>
          <SegmentName wrap segment={targetMark(migration, move.target)} name={move.target} />
        </button>
      ),
    },
    { id: 'customers', title: 'Customers', number: true, cell: (move) => formatCount(move.customers) },
    ...(moved.some((move) => move.money_after !== null) ? [{ id: 'money', title: 'Money so far', number: true, cell: (move: Move) => formatMoney(move.money_after, currency) }] : []),
  ];
  return <Table caption="Largest moves" columns={columns} rows={moved.slice(0, LARGEST)} rowKey={(move) => `${move.source} ${move.target}`} onOpen={onPick} />;
}

import type { components } from '@/api/schema';
import { SegmentMark, SegmentName } from '@/components/segment';
import { Badge } from '@/components/states';
import { formatCount, formatShare } from '@/lib/format';

type Change = components['schemas']['SegmentChange'];
export type Movement = Pick<components['schemas']['Movement'], 'n_customers' | 'rows' | 'columns' | 'matrix'>;

const TONES = { kept: 'plain', renamed: 'warn', new: 'good', gone: 'danger', split: 'plain', merged: 'plain' } as const;
export const CHANGE_WORDS: Record<Change['change'], string> = { kept: 'Stays', renamed: 'Renamed', new: 'New', gone: 'Gone', split: 'Split', merged: 'Merged' };

/** By which mark a segment is drawn. */
export type Marks = (segment: number) => number;
export const OWN: Marks = (segment) => segment;

/** The second's segments by the marks of those they were among the first's `n_before`; new ones, and the smaller parts of one, by marks that are not used, their own where it is. */
export function marksAfter(changes: readonly Change[], n_before: number): Marks {
  const marks = new Map<number, number>();
  const taken = new Set<number>();
  const give = (segment: number, mark: number): void => {
    marks.set(segment, mark);
    taken.add(mark);
  };
  for (const { old_id, new_id } of changes) if (new_id !== null && old_id !== null && !marks.has(new_id) && !taken.has(old_id)) give(new_id, old_id);
  const others = changes.flatMap(({ new_id }) => (new_id === null || marks.has(new_id) ? [] : [new_id]));
  for (const segment of others) if (segment >= n_before) give(segment, segment);
  let unused = n_before;
  for (const segment of others) {
    while (taken.has(unused)) unused += 1;
    if (!marks.has(segment)) give(segment, unused);
  }
  return (segment) => marks.get(segment) ?? segment;
}

/** The first's segments by the marks of what they became, where it is the second that keeps its own `n_after`; those that are gone by marks that are not used. */
export function marksBefore(changes: readonly Change[], n_after: number): Marks {
  const marks = new Map<number, number>();
  let unused = n_after;
  for (const { old_id, new_id } of changes) if (old_id !== null) marks.set(old_id, new_id ?? unused++);
  return (segment) => marks.get(segment) ?? segment;
}

interface ChangeListProps {
  changes: readonly Change[];
  words?: Record<Change['change'], string>;
  marks?: Marks;
  rowMarks?: Marks;
}

/** What became of each segment. */
export function ChangeList({ changes, words = CHANGE_WORDS, marks = OWN, rowMarks = OWN }: ChangeListProps) {
  return (
    <ul className="flex flex-col divide-y divide-line text-small">
      {changes.map((each) => (
        <li key={`${each.old_id}-${each.new_id}`} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
          <span className="w-28">
            <Badge tone={TONES[each.change]}>{words[each.change]}</Badge>
          </span>
          <span className="min-w-0 grow basis-60">
            <SegmentName wrap segment={each.new_id === null ? rowMarks(each.old_id ?? -1) : marks(each.new_id)} name={each.new_name ?? each.old_name ?? ''} />
            {each.change === 'renamed' ? <span className="text-soft"> was {each.old_name}</span> : null}
          </span>
          {each.overlap !== null ? <span className="text-soft">{formatShare(each.overlap)} shared customers</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** Which cells of a matrix hold customers who stay: those of a segment and what became of it. */
export function staysAfter(changes: readonly Change[]): (row: number, column: number) => boolean {
  const pairs = new Set(changes.filter(({ overlap }) => overlap !== null).map((each) => `${each.old_id}-${each.new_id}`));
  return (row, column) => pairs.has(`${row}-${column}`);
}

interface MatrixProps {
  title: string;
  movement: Movement;
  stays: (row: number, column: number) => boolean;
  /** How many rows and columns are segments; one past them is of customers in none. */
  segments?: readonly [number, number];
  marks?: Marks;
  rowMarks?: Marks;
}

/** Where the customers of each segment go: a matrix where there is room, else a list by segment. */
export function MovementMatrix(props: MatrixProps) {
  return (
    <>
      <Matrix {...props} />
      <Lists {...props} />
    </>
  );
}

const idOf = (index: number, count: number | undefined): number => (count !== undefined && index >= count ? -1 : index);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function Matrix({ title, movement: { rows, columns, matrix }, stays, segments, marks = OWN, rowMarks = OWN }: MatrixProps) {
  return (
    <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label={title}>
      <table className="w-full text-small">
        <caption className="sr-only">{title}: customers by segment before (rows) and after (columns)</caption>
        <thead>
          <tr>
            <th scope="col" className="sticky left-0 bg-surface py-1.5 pr-3 text-left align-bottom font-normal text-soft">
              From ↓ to →
            </th>
            {columns.map((name, column) => (
              <th key={column} scope="col" className="min-w-20 px-2 py-1.5 align-bottom font-normal text-soft">
                <span className="flex flex-col items-end gap-1">
                  <SegmentMark segment={marks(idOf(column, segments?.[1]))} />
                  <span className="line-clamp-4 text-right [overflow-wrap:anywhere]" title={name}>
                    {name}
                  </span>
                </span>
              </th>
            ))}
            <th scope="col" className="py-1.5 pl-3 text-right align-bottom font-normal text-soft">Total
            </th>
          </tr>
        </thead>
        <tbody>
          {matrix.map((counts, row) => {
            const total = sum(counts);
            return (
              <tr key={row} className="border-t border-line">
                <th scope="row" className="sticky left-0 min-w-44 bg-surface py-1.5 pr-3 text-left font-normal">
                  <SegmentName wrap segment={rowMarks(idOf(row, segments?.[0]))} name={rows[row] ?? ''} />
                </th>
                {counts.map((count, column) => (
                  <td
                    key={column}
                    title={total > 0 ? `${formatShare(count / total)} of ${rows[row] ?? ''}` : undefined}
                    className={`px-2 py-1.5 text-right ${count === 0 ? 'text-soft' : stays(row, column) ? '' : 'bg-warn-soft font-strong text-warn'}`}
                  >
                    {formatCount(count)}
                  </td>
                ))}
                <td className="py-1.5 pl-3 text-right text-soft">{formatCount(total)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Lists({ title, movement: { rows, columns, matrix }, stays, segments, marks = OWN, rowMarks = OWN }: MatrixProps) {
  return (
    <ul aria-label={title} className="flex flex-col divide-y divide-line text-small md:hidden">
      {matrix.map((counts, row) => {
        const total = sum(counts);
        const ways = counts
          .map((count, column) => ({ count, column }))
          .filter(({ count }) => count > 0)
          .sort((a, b) => b.count - a.count);
        return (
          <li key={row} className="flex flex-col gap-1.5 py-3">
            <span className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 font-strong">
                <SegmentName wrap segment={rowMarks(idOf(row, segments?.[0]))} name={rows[row] ?? ''} />
              </span>
              <span className="tabular-nums">{formatCount(total)}</span>
            </span>
            <ul className="flex flex-col gap-1 pl-5">
              {ways.map(({ count, column }) => {
                const stay = stays(row, column);
                return (
                  <li key={column} className="flex items-baseline justify-between gap-3">
                    <span className="flex min-w-0 items-baseline gap-1.5">
                      <span className="shrink-0 text-soft">{stay ? 'stay in' : 'are in'}</span>
                      <SegmentName wrap segment={marks(idOf(column, segments?.[1]))} name={columns[column] ?? ''} />
                    </span>
                    <span className={`rounded-control px-1.5 whitespace-nowrap tabular-nums ${stay ? '' : 'bg-warn-soft font-strong text-warn'}`}>
                      {formatCount(count)} <span className="font-normal">{formatShare(count / total)}</span>
                    </span>
                  </li>
                );
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

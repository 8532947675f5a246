import { Explained } from '@/components/explained';
import { CHANGE_WORDS, ChangeList, marksAfter, MovementMatrix, staysAfter, type Marks } from '@/components/movement';
import { SegmentName } from '@/components/segment';
import { formatCount, formatScore, plural } from '@/lib/format';
import type { Run, RunComparison as Comparison } from '../api/runs';
import { agreementOf } from './words';

type Change = Comparison['segments'][number];

const FINER = {
  split: 'The second is finer: each of its segments lies within a segment of the first.',
  merged: 'The first is finer: each of its segments lies within a segment of the second.',
} as const;
const WORDS = { ...CHANGE_WORDS, kept: 'In both', renamed: 'Different name', new: 'Second only', gone: 'First only' };

/** Who is in another segment in the second run than in the first, in words and then in figures. */
export function RunComparison({ comparison, first, second }: { comparison: Comparison; first: Run; second: Run }) {
  const { sentence, adjusted_rand_index: index, refinement, segments } = comparison;
  const marks = marksAfter(segments, first.n_clusters);
  const stays = staysAfter(segments);
  // In the first's order too: those who stay stand on the diagonal, those in no segment last.
  const place = (column: number): number => (column >= second.n_clusters ? Infinity : refinement === 'split' ? segments.findIndex(({ new_id }) => new_id === column) : marks(column));
  const order = comparison.columns.map((_, column) => column).sort((a, b) => place(a) - place(b));
  const movement = {
    ...comparison,
    columns: order.map((column) => comparison.columns[column] ?? ''),
    matrix: comparison.matrix.map((counts) => order.map((column) => counts[column] ?? 0)),
  };
  const columnAt = (position: number): number => order[position] ?? -1;
  const kept = segments.filter(({ overlap }) => overlap !== null).length;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1">
        <p className="font-strong">{sentence}</p>
        <p className="text-small text-soft">
          {refinement ? FINER[refinement] : agreementOf(index)}<Explained term="agreement" figure={`Adjusted Rand index ${formatScore(index)}`} />
        </p>
      </div>
      {refinement ? <Parts comparison={comparison} marks={marks} /> : null}
      {/* Where nobody goes elsewhere, the parts tell all that the matrix would. */}
      {refinement && comparison.n_moved === 0 ? null : (
        <div className="flex flex-col gap-2">
          <h3 className="text-small">First segmentation (rows) and second (columns)</h3>
          <MovementMatrix title="Customers by segment in both" movement={movement} stays={(row, position) => stays(row, columnAt(position))} segments={[first.n_clusters, second.n_clusters]} marks={(position) => marks(columnAt(position))} />
          <p className="text-small text-soft">Highlighted: customers outside the {refinement ? 'segment that contains theirs' : 'segment that matches theirs'}.</p>
        </div>
      )}
      {refinement ? null : (
        <details className="text-small">
          <summary className="min-h-11 py-2 font-strong md:min-h-0">
            {plural(kept, 'segment')} in both, {formatCount(first.n_clusters - kept)} in the first only, {formatCount(second.n_clusters - kept)} in the second only
          </summary>
          <p className="py-2 text-soft">Two segments count as the same if at least half of the customers in either one are in both.</p>
          <ChangeList changes={segments} words={WORDS} marks={marks} />
        </details>
      )}
    </div>
  );
}

/** Each segment of the coarser one with what it is made of in the other. */
function Parts({ comparison: { refinement, segments, matrix }, marks }: { comparison: Comparison; marks: Marks }) {
  const splits = refinement === 'split';
  const wholes = new Map<number, Change[]>();
  for (const part of segments) {
    const whole = (splits ? part.old_id : part.new_id) ?? -1;
    wholes.set(whole, [...(wholes.get(whole) ?? []), part]);
  }
  const sizeOf = ({ old_id, new_id }: Change): number => matrix[old_id ?? -1]?.[new_id ?? -1] ?? 0;
  return (
    <ul aria-label="How each segment is split" className="flex flex-col divide-y divide-line border-y border-line text-small">
      {[...wholes].map(([whole, parts]) => {
        const [first] = parts;
        return (
          <li key={whole} className="grid grid-cols-1 gap-x-6 gap-y-1 py-2.5 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
            <span className="font-strong">
              <SegmentName wrap segment={splits ? whole : marks(whole)} name={(splits ? first?.old_name : first?.new_name) ?? ''} />
            </span>
            {parts.length === 1 ? (
              <span className="text-soft max-md:pl-5">{first?.change === 'renamed' ? `is not split; its name is ${(splits ? first.new_name : first.old_name) ?? ''} in the other` : 'is not split'}</span>
            ) : (
              <ul className="flex flex-col gap-1 max-md:pl-5">
                {parts.map((part) => (
                  <li key={`${part.old_id}-${part.new_id}`} className="flex justify-between gap-4">
                    <SegmentName wrap segment={splits ? marks(part.new_id ?? -1) : (part.old_id ?? -1)} name={(splits ? part.new_name : part.old_name) ?? ''} />
                    <span className="tabular-nums">{formatCount(sizeOf(part))}</span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}

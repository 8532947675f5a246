import { Explained } from '@/components/explained';
import { ChangeList, marksAfter, MovementMatrix, staysAfter } from '@/components/movement';
import { formatCount, formatScore, plural } from '@/lib/format';
import type { Run, RunComparison as Comparison } from '../api/runs';
import { agreementOf } from './words';

const WORDS = { kept: 'In both', renamed: 'Other name', new: 'Second only', gone: 'First only' };

/** Who is in another segment in the second run than in the first, in words and then in figures. */
export function RunComparison({ comparison, first, second }: { comparison: Comparison; first: Run; second: Run }) {
  const { sentence, adjusted_rand_index: index, segments } = comparison;
  const marks = marksAfter(segments, first.n_clusters);
  const stays = staysAfter(segments);
  // In the first's order too: those who stay stand on the diagonal, those in no segment last.
  const place = (column: number): number => (column < second.n_clusters ? marks(column) : Infinity);
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
          {agreementOf(index)}<Explained term="agreement" figure={`Adjusted Rand index ${formatScore(index)}`} />
        </p>
      </div>
      <div className="flex flex-col gap-2">
        <h3 className="text-small">From the first, downward, to the second, across</h3>
        <MovementMatrix title="Customers by segment in both" movement={movement} stays={(row, position) => stays(row, columnAt(position))} segments={[first.n_clusters, second.n_clusters]} marks={(position) => marks(columnAt(position))} />
        <p className="text-small text-soft">Marked are the customers who are in another segment than the one that became of theirs.</p>
      </div>
      <details className="text-small">
        <summary className="min-h-11 py-2 font-strong md:min-h-0">
          {plural(kept, 'segment')} in both, {formatCount(first.n_clusters - kept)} in the first only, {formatCount(second.n_clusters - kept)} in the second only
        </summary>
        <p className="py-2 text-soft">Two segments count as the same where at least half of all customers in either are in both.</p>
        <ChangeList changes={segments} words={WORDS} marks={marks} />
      </details>
    </div>
  );
}

import { ChangeList, marksBefore, staysAfter } from '@/components/movement';
import type { Comparison as Change } from '../api/models';
import { MovementTable } from './movement';

/** Customers who changed are placed by one model alone, so that segments are what they were. */
const sameSegment = (row: number, column: number): boolean => row === column;

export function Comparison({ comparison }: { comparison: Change }) {
  const stays = staysAfter(comparison.segments);
  // The new model's segments have the colours that they would have; those of the other follow them.
  const before = marksBefore(comparison.segments, comparison.training.columns.length);
  return (
    <div className="flex flex-col gap-6">
      <p>{comparison.summary}</p>
      <ChangeList changes={comparison.segments} rowMarks={before} />
      <MovementTable title="Training customers" movement={comparison.training} stays={stays} rowMarks={before} />
      <MovementTable title="Recent predictions" movement={comparison.history} stays={stays} rowMarks={before} />
      <details className="text-small">
        <summary className="min-h-11 py-2 font-strong md:min-h-0">Why customers move</summary>
        <div className="flex flex-col gap-6 pt-3">
          <MovementTable title="Customers changed: new data, current model" movement={comparison.customers_moved} stays={sameSegment} marks={before} rowMarks={before} />
          <MovementTable title="Boundaries changed: old data, new model" movement={comparison.borders_moved} stays={stays} rowMarks={before} />
        </div>
      </details>
    </div>
  );
}

import { ChangeList, marksBefore, staysAfter, type Marks } from '@/components/movement';
import type { Comparison as Change } from '../api/models';
import { MovementTable } from './movement';

/** Customers who changed are placed by one model alone, so that segments are what they were. */
const sameSegment = (row: number, column: number): boolean => row === column;

interface ComparisonProps {
  comparison: Change;
  /** By which marks the segments of both versions are drawn, where they last. */
  lasting?: { before: Marks; after: Marks };
}

const own: Marks = (segment) => segment;

export function Comparison({ comparison, lasting }: ComparisonProps) {
  const stays = staysAfter(comparison.segments);
  // The new model's segments have the colours that they would have; those of the other follow them.
  const before = lasting?.before ?? marksBefore(comparison.segments, comparison.training.columns.length);
  const after = lasting?.after ?? own;
  return (
    <div className="flex flex-col gap-6">
      <p>{comparison.summary}</p>
      <ChangeList changes={comparison.segments} marks={after} rowMarks={before} />
      <MovementTable title="Training customers" movement={comparison.training} stays={stays} marks={after} rowMarks={before} />
      <MovementTable title="Recent predictions" movement={comparison.history} stays={stays} marks={after} rowMarks={before} />
      <details className="text-small">
        <summary className="min-h-11 py-2 font-strong md:min-h-0">Why customers move</summary>
        <div className="flex flex-col gap-6 pt-3">
          <MovementTable title="Customers changed: new data, current model" movement={comparison.customers_moved} stays={sameSegment} marks={before} rowMarks={before} />
          <MovementTable title="Boundaries changed: old data, new model" movement={comparison.borders_moved} stays={stays} marks={after} rowMarks={before} />
        </div>
      </details>
    </div>
  );
}

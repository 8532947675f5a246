import { OWN, type Marks } from '@/components/movement';
import { Bar, SegmentName } from '@/components/segment';
import { formatAverage, formatCount, formatIncome, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Segment } from '../api/get-clusters';

const MEASURES = [
  { key: 'avg_age', title: 'Age', show: formatAverage },
  { key: 'avg_income', title: 'Income', show: formatIncome },
  { key: 'avg_spending_score', title: 'Spending score', show: formatAverage },
  { key: 'avg_purchase_frequency', title: 'Purchases per year', show: formatAverage },
] as const;

/** Small multiples: one row a segment, one column a measure, bars on that measure's own scale. */
export function SegmentAverages({ segments, marks = OWN }: { segments: readonly Segment[]; marks?: Marks }) {
  const largest = Object.fromEntries(MEASURES.map(({ key }) => [key, Math.max(...segments.map((segment) => segment[key]), 1e-9)]));
  return (
    <div className="flex flex-col divide-y divide-line">
      {segments.map((segment) => {
        const mark = marks(segment.cluster_id);
        return (
          <div key={segment.cluster_id} className="grid grid-cols-2 items-end gap-x-6 gap-y-3 py-4 first:pt-1 last:pb-0 md:grid-cols-[minmax(0,1.6fr)_repeat(4,minmax(0,1fr))]">
            <div className="col-span-2 flex min-w-0 flex-col gap-1 md:col-span-1">
              <h3 className="text-small">
                <SegmentName segment={mark} name={segment.cluster_name} />
              </h3>
              <p className="text-small text-soft">
                {formatCount(segment.size)} customers, {formatShare(segment.share)}
              </p>
            </div>
            {MEASURES.map(({ key, title, show }) => (
              <div key={key} className="flex min-w-0 flex-col gap-1 text-small">
                <span className="flex justify-between gap-2">
                  <span className="truncate text-soft">{title}</span>
                  <span className="tabular-nums">{show(segment[key])}</span>
                </span>
                <Bar share={segment[key] / (largest[key] ?? 1)} color={segmentVariable(mark)} />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

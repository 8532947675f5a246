import { Button } from '@/components/button';
import { Notes } from '@/components/notes';
import { Bar, SegmentName } from '@/components/segment';
import { save } from '@/lib/client';
import { csvFile } from '@/lib/csv';
import { fileNameOf } from '@/lib/file-name';
import { formatCount, formatShare, plural } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Placements } from '../api/placing';

/** Where the customers of a file belong: how many are in each segment, and each of them to take away. */
export function PlacedFile({ placements: { placements, n_rows, warnings }, name }: { placements: Placements; name: string }) {
  const counts = new Map<number, { name: string; count: number }>();
  for (const { lasting_id, segment_name } of placements) counts.set(lasting_id ?? -1, { name: segment_name, count: (counts.get(lasting_id ?? -1)?.count ?? 0) + 1 });
  const rows = placements.map((each) => [each.row, each.segment_name, each.confidence, each.probability, each.outlier ? 'yes' : 'no']);
  return (
    <div className="flex flex-col gap-4" aria-live="polite">
      <p className="font-strong">{plural(n_rows, 'customer')} placed</p>
      <ul className="flex flex-col gap-3 text-small">
        {[...counts]
          .sort(([, a], [, b]) => b.count - a.count)
          .map(([segment, { name: called, count }]) => (
            <li key={segment} className="flex flex-col gap-1">
              <span className="flex justify-between gap-4">
                <SegmentName wrap segment={segment} name={called} />
                <span className="tabular-nums">
                  {formatCount(count)} <span className="text-soft">{formatShare(count / Math.max(1, placements.length))}</span>
                </span>
              </span>
              <Bar share={count / Math.max(1, placements.length)} color={segmentVariable(segment)} />
            </li>
          ))}
      </ul>
      <Notes notes={warnings} />
      <Button icon="download" className="self-start" onClick={() => save(csvFile({ columns: ['row', 'segment', 'confidence', 'probability', 'unusual'], rows }), fileNameOf([name, 'placed customers'], 'csv'))}>
        Download CSV
      </Button>
    </div>
  );
}

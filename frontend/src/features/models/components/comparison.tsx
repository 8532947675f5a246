import { SegmentName } from '@/components/segment';
import { Badge } from '@/components/states';
import { formatShare } from '@/lib/format';
import type { Comparison as Change } from '../api/models';
import { MovementTable } from './movement';

const WORDS = {
  kept: { tone: 'plain', text: 'Stays' },
  renamed: { tone: 'warn', text: 'Renamed' },
  new: { tone: 'good', text: 'New' },
  gone: { tone: 'danger', text: 'Gone' },
} as const;

export function Comparison({ comparison }: { comparison: Change }) {
  return (
    <div className="flex flex-col gap-6">
      <p>{comparison.summary}</p>
      <ul className="flex flex-col divide-y divide-line text-small">
        {comparison.segments.map((segment, index) => {
          const { tone, text } = WORDS[segment.change];
          const id = segment.new_id ?? segment.old_id ?? -1;
          return (
            <li key={index} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
              <span className="w-20">
                <Badge tone={tone}>{text}</Badge>
              </span>
              <span className="min-w-0 grow">
                <SegmentName segment={id} name={segment.new_name ?? segment.old_name ?? ''} />
                {segment.change === 'renamed' ? <span className="text-soft"> was {segment.old_name}</span> : null}
              </span>
              {segment.overlap !== null ? <span className="text-soft">{formatShare(segment.overlap)} shared customers</span> : null}
            </li>
          );
        })}
      </ul>
      <MovementTable title="The customers it was trained on" movement={comparison.training} />
      <MovementTable title="Recent predictions" movement={comparison.history} />
      <details className="text-small">
        <summary className="min-h-11 py-2 font-strong md:min-h-0">Why they move</summary>
        <div className="flex flex-col gap-6 pt-3">
          <MovementTable title="Customers changed: new data, the model in use" movement={comparison.customers_moved} />
          <MovementTable title="Borders changed: old data, the new model" movement={comparison.borders_moved} />
        </div>
      </details>
    </div>
  );
}

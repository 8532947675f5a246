import { useState } from 'react';
import { Button } from '@/components/button';
import { Section } from '@/components/layout';
import { formatCount, plural } from '@/lib/format';
import type { Dataset, Doubt } from '../api/datasets';
import { useCorrection } from './correction';

const SHOWN = 3;
const LISTED = 5;

/** Said in a place of its own: what a row is, and which lines are none. */
const ELSEWHERE = new Set(['rows_are_not_customers']);

/** Where in the file to look. */
function placeOf({ rows, count }: Doubt): string | null {
  if (rows.length < 2) return null;
  const listed = rows.slice(0, LISTED).map(formatCount).join(', ');
  return count > LISTED ? `Lines ${listed} and ${formatCount(count - Math.min(LISTED, rows.length))} more` : `Lines ${listed}`;
}

/** What could be read otherwise, the most telling first, each with a click to read it so. */
export function Doubts({ dataset }: { dataset: Dataset }) {
  const [all, setAll] = useState(false);
  const { take, isPending } = useCorrection(dataset);
  const doubts = dataset.warnings.filter(({ code }) => !ELSEWHERE.has(code));
  if (doubts.length === 0) return null;
  const more = doubts.length - SHOWN;
  return (
    <Section title="Check how this table was read" note={`${plural(doubts.length, 'point')} to check before you use it`}>
      <ul className="flex flex-col divide-y divide-line border-t border-line text-small" aria-busy={isPending}>
        {doubts.slice(0, all ? undefined : SHOWN).map((doubt, index) => {
          const place = placeOf(doubt);
          return (
            <li key={`${doubt.code} ${doubt.column} ${index}`} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
              <div className="min-w-0 grow basis-80 [overflow-wrap:anywhere]">
                <p>{doubt.message}</p>
                {place ? <p className="text-soft">{place}</p> : null}
              </div>
              {doubt.alternatives.length > 0 ? (
                <div className="flex flex-wrap gap-2">
                  {doubt.alternatives.map(({ reading, overrides }) => (
                    <Button key={reading} className="max-w-full whitespace-normal! max-md:py-1.5" disabled={isPending} onClick={() => take(overrides, `Read as ${reading}`)}>
                      Read as {reading}
                    </Button>
                  ))}
                </div>
              ) : null}
            </li>
          );
        })}
      </ul>
      {more > 0 ? (
        <Button look="quiet" icon={all ? 'up' : 'down'} aria-expanded={all} className="-mb-2 -ml-3" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${formatCount(more)} more`}
        </Button>
      ) : null}
    </Section>
  );
}

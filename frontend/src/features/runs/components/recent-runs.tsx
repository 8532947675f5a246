import { TextLink } from '@/components/button';
import { LongName } from '@/components/long-name';
import { formatAgo, plural } from '@/lib/format';
import type { Run } from '../api/runs';
import { verdictOf } from './words';

const SHOWN = 5;

/** The last segmentations, to go on with. */
export function RecentRuns({ runs }: { runs: readonly Run[] }) {
  return (
    <ul className="flex flex-col divide-y divide-line border-t border-line text-small">
      {runs.slice(0, SHOWN).map((run) => (
        <li key={run.run_id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 md:px-5">
          <span className="min-w-0 grow basis-72">
            <TextLink to={`/runs/${run.run_id}`} className="font-strong max-md:inline-flex max-md:min-h-11 max-md:items-center">
              <span>
                {plural(run.n_clusters, 'segment')} in <LongName>{run.dataset}</LongName>
              </span>
            </TextLink>
            <span className="block text-soft">{verdictOf(run)}</span>
          </span>
          <span className="text-soft">{formatAgo(run.created_at)}</span>
        </li>
      ))}
    </ul>
  );
}

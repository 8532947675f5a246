import { useState } from 'react';
import { LinkButton, TextLink } from '@/components/button';
import { Badge } from '@/components/states';
import { Pager, sortRows, Table, type Column, type Sorting } from '@/components/table';
import { formatAgo, formatCount, formatScore, formatTime } from '@/lib/format';
import type { Run } from '../api/runs';
import { methodOf } from './words';

const PAGE_SIZE = 25;

/** Names hold commas of their own. */
const namesOf = (run: Run): string => run.cluster_names.join(' · ');

export function RunList({ runs, onOpen }: { runs: readonly Run[]; onOpen: (run: Run) => void }) {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [turned, setTurned] = useState(0);
  // The list may have become shorter than the page that was shown of it.
  const skip = turned < runs.length ? turned : 0;
  const choose = (id: number, on: boolean): void => setChosen(on ? [...chosen.slice(-1), id] : chosen.filter((each) => each !== id));
  const columns: Column<Run>[] = [
    {
      id: 'compare',
      title: '',
      className: 'w-10',
      cell: (run) => (
        <label className="flex items-center justify-center max-md:-mx-2 max-md:size-11">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            aria-label={`Compare segmentation ${run.run_id}`}
            checked={chosen.includes(run.run_id)}
            onChange={(event) => choose(run.run_id, event.target.checked)}
          />
        </label>
      ),
    },
    {
      id: 'run',
      title: 'Segmentation',
      sort: (run) => run.n_clusters,
      className: 'max-w-0 w-full',
      cell: (run) => (
        <div className="flex min-w-0 flex-col">
          <TextLink to={`/runs/${run.run_id}`} className="font-strong max-md:flex max-md:min-h-11 max-md:items-center">
            {run.n_clusters} segments, {methodOf(run)}
          </TextLink>
          <span className="truncate text-soft" title={namesOf(run)}>
            {namesOf(run)}
          </span>
        </div>
      ),
    },
    { id: 'silhouette', title: 'Silhouette', number: true, sort: (run) => run.silhouette_score ?? -1, cell: (run) => formatScore(run.silhouette_score) },
    { id: 'rows', title: 'Customers', number: true, wideOnly: true, sort: (run) => run.n_samples, cell: (run) => formatCount(run.n_samples) },
    { id: 'state', title: '', wideOnly: true, cell: (run) => (run.degenerate ? <Badge tone="warn">Uneven split</Badge> : run.visibility === 'team' ? <Badge>Team</Badge> : null) },
    {
      id: 'time',
      title: 'Made',
      wideOnly: true,
      sort: (run) => run.created_at,
      cell: (run) => (
        <time dateTime={run.created_at} title={`${formatTime(run.created_at)}, ${run.created_by}`} className="whitespace-nowrap text-soft">
          {formatAgo(run.created_at)}
        </time>
      ),
    },
  ];
  const [first, second] = chosen;
  return (
    <>
      <Table
        caption={sorting ? 'Segmentations' : 'Segmentations, newest first'}
        columns={columns}
        rows={sortRows(runs, columns, sorting).slice(skip, skip + PAGE_SIZE)}
        rowKey={(run) => run.run_id}
        onOpen={onOpen}
        sorting={sorting}
        onSort={(next) => {
          setSorting(next);
          setTurned(0);
        }}
      />
      <Pager skip={skip} limit={PAGE_SIZE} total={runs.length} onChange={setTurned} />
      {runs.length > 1 ? (
        <div className="flex items-center justify-end gap-3 border-t border-line px-4 py-2 text-small text-soft">
          {first !== undefined && second !== undefined ? <LinkButton to={`/compare?a=${first}&b=${second}`}>Compare</LinkButton> : 'Select two to compare'}
        </div>
      ) : null}
    </>
  );
}

import { useState } from 'react';
import { Button, LinkButton, TextLink } from '@/components/button';
import { Loaded, SkeletonRows, Badge } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { timeColumn } from '@/components/listing';
import { toast } from '@/components/toast';
import { formatAgo, formatCount, formatScore, formatTime, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useActivateVersion, useRecord, type Entry, type Ref, type Version } from '../api/segmentations';
import { addressIn } from './opened';

interface VersionTableProps {
  id: Ref;
  versions: readonly Version[];
  mayCompare: boolean;
  mayChange: boolean;
}

/** All versions, each of which can be looked at, compared with the one in use, and used instead of it. */
export function VersionTable({ id, versions, mayCompare, mayChange }: VersionTableProps) {
  const activate = useActivateVersion(id);
  const active = versions.find(({ is_active }) => is_active)?.version;
  const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });
  const use = (version: number): void =>
    activate.mutate(version, {
      onSuccess: () => toast(`Version ${version} is in use`, { about: `segmentation/${id}/version`, undo: active === undefined ? undefined : () => void activate.mutateAsync(active).catch(failed) }),
      onError: failed,
    });
  const columns: Column<Version>[] = [
    {
      id: 'version',
      title: 'Version',
      cell: (row) => (
        <div className="max-md:pb-1.5">
          <span className="flex flex-wrap items-center gap-x-2">
            <TextLink to={addressIn(id, '', row.is_active ? undefined : row.version)} className="whitespace-nowrap max-md:py-3">
              Version {row.version}
            </TextLink>
            {row.is_active ? <Badge tone="good">In use</Badge> : row.activated_at === null ? <Badge tone="warn">Candidate</Badge> : null}
          </span>
          <p className="text-soft md:hidden">
            {plural(row.n_segments, 'segment')}, {formatAgo(row.created_at)}
          </p>
        </div>
      ),
    },
    { id: 'segments', title: 'Segments', number: true, wideOnly: true, cell: (row) => row.n_segments },
    { id: 'customers', title: 'Customers', number: true, wideOnly: true, cell: (row) => formatCount(row.n_customers) },
    { id: 'silhouette', title: 'Silhouette', number: true, wideOnly: true, cell: (row) => formatScore(row.silhouette_score) },
    { id: 'by', title: 'Trained by', wideOnly: true, cell: (row) => row.trained_by ?? '–' },
    timeColumn('created_at', 'Trained', (row) => row.created_at),
    {
      id: 'actions',
      title: '',
      cell: (row) =>
        row.is_active ? null : (
          <div className="flex justify-end gap-2">
            {mayCompare ? (
              <LinkButton to={`${addressIn(id, 'versions')}?compare=${row.version}`} aria-label={`Compare: version ${row.version}`} className="max-sm:hidden">
                Compare
              </LinkButton>
            ) : null}
            {mayChange ? (
              <Button busy={activate.isPending && activate.variables === row.version} onClick={() => use(row.version)} aria-label={`${wordOf(row, active)}: version ${row.version}`}>
                {wordOf(row, active)}
              </Button>
            ) : null}
          </div>
        ),
    },
  ];
  return <Table caption="Versions, newest first" columns={columns} rows={versions} rowKey={(row) => row.version} />;
}

const wordOf = (row: Version, active: number | undefined): string => (row.activated_at !== null && active !== undefined && row.version < active ? 'Roll back' : 'Activate');

const SHOWN = 10;

const DONE: Record<Entry['change'], string> = {
  trained: 'trained',
  activated: 'activated',
  renamed: 'renamed it',
  described: 'changed the description',
  shared: 'changed who sees it',
  segment_changed: 'changed a segment',
  deleted: 'deleted',
};

function sayEntry({ change, version, visibility, fields }: Entry, nameOf: string | undefined): string {
  if (change === 'shared') return visibility === 'team' ? 'shared it with the team' : 'stopped sharing it';
  if (change === 'segment_changed') return `changed ${nameOf ?? 'a segment'}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}`;
  return `${DONE[change]}${version === null ? '' : ` version ${version}`}`;
}

/** Who did what, newest first. */
export function RecordList({ id, nameOf }: { id: Ref; nameOf: (lasting_id: number) => string | undefined }) {
  const [skip, setSkip] = useState(0);
  const record = useRecord(id, skip, SHOWN);
  return (
    <Loaded query={record} skeleton={<SkeletonRows rows={4} />}>
      {({ rows, total }) => (
        <>
          <ul className="flex flex-col divide-y divide-line border-t border-line text-small">
            {rows.map((entry, index) => (
              <li key={`${entry.at} ${index}`} className="flex flex-wrap justify-between gap-x-6 px-4 py-2.5 md:px-5">
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <span className="font-strong">{entry.by ?? 'A deleted account'}</span> {sayEntry(entry, entry.segment === null ? undefined : nameOf(entry.segment))}
                </span>
                <time dateTime={entry.at} title={formatTime(entry.at)} className="text-soft">
                  {formatAgo(entry.at)}
                </time>
              </li>
            ))}
          </ul>
          <Pager skip={skip} limit={SHOWN} total={total} onChange={setSkip} />
        </>
      )}
    </Loaded>
  );
}

import { useNavigate } from 'react-router';
import { LinkButton } from '@/components/button';
import { Select } from '@/components/field';
import { ListingView, nameColumn, timeColumn, useListing } from '@/components/listing';
import { Badge, Empty } from '@/components/states';
import type { Column } from '@/components/table';
import { formatCount } from '@/lib/format';
import { refOf, useSegmentations, type Segmentation, type SegmentationFilter } from '../api/segmentations';
import { addressIn } from './opened';

type Sort = NonNullable<SegmentationFilter['sort']>;
const SORTS: Record<Sort, string> = { '-updated_at': 'Last changed', last_used: 'Last used', name: 'Name', n_segments: 'Most segments', created_at: 'Oldest' };
const isSort = (text: string | null): text is Sort => text !== null && text in SORTS;

const addressOf = (row: Segmentation): string => addressIn(refOf(row));

/** What it is of, what was found, and how sure that is. */
function Below({ row }: { row: Segmentation }) {
  const said = row.active_version?.headline;
  return (
    <span className="flex min-w-0 flex-col text-soft">
      {row.dataset_name === null || row.dataset_name.replace(/\.\w+$/, '') === row.name ? null : <span className="truncate">{row.dataset_name}</span>}
      {said ? <span className="line-clamp-2">{said}</span> : null}
    </span>
  );
}

const COLUMNS: readonly Column<Segmentation>[] = [
  nameColumn('Segmentation', (row) => row.name, addressOf, (row) => <Below row={row} />),
  { id: 'n_segments', title: 'Segments', number: true, cell: (row) => row.active_version?.n_segments ?? '–' },
  { id: 'customers', title: 'Customers', number: true, wideOnly: true, cell: (row) => (row.active_version ? formatCount(row.active_version.n_customers) : '–') },
  { id: 'owner', title: 'Owner', wideOnly: true, cell: (row) => <span className="flex items-center gap-2">{row.kind === 'core' ? 'Everyone' : row.is_owner ? 'You' : (row.owner ?? '–')}{row.visibility === 'team' && row.kind !== 'core' ? <Badge>Team</Badge> : null}</span> },
  timeColumn('updated_at', 'Changed', (row) => row.updated_at),
];

/** All that one may see, to search, sort and open. */
export function SegmentationList() {
  const navigate = useNavigate();
  const listing = useListing([], 25);
  const { address, change, search, skip, size } = listing;
  const visibility = address.get('visibility');
  const sort = address.get('sort');
  const query = useSegmentations({
    skip,
    limit: size,
    ...(search === '' ? {} : { q: search }),
    ...(isSort(sort) ? { sort } : {}),
    ...(visibility === 'private' || visibility === 'team' ? { visibility } : {}),
  });
  return (
    <ListingView
      listing={listing}
      query={query}
      columns={COLUMNS}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate(addressOf(row))}
      title="Segmentations"
      noun="segmentation"
      searched="Name or table"
      isFiltered={visibility !== null}
      filters={
        <>
          <Select label="Shown" value={visibility ?? ''} onChange={(event) => change({ visibility: event.target.value })}>
            <option value="">All</option>
            <option value="private">Private</option>
            <option value="team">Shared with the team</option>
          </Select>
          <Select label="Order" value={isSort(sort) ? sort : '-updated_at'} onChange={(event) => change({ sort: event.target.value })}>
            {Object.entries(SORTS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </>
      }
      empty={
        <Empty
          icon="analyse"
          title="No segmentations yet"
          action={
            <LinkButton look="primary" to="/start">
              Segment your customers
            </LinkButton>
          }
        >
          What you find in your tables is listed here, and what others share with the team.
        </Empty>
      }
    />
  );
}

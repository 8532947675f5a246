import { useSearchParams } from 'react-router';
import { Button, IconButton } from '@/components/button';
import { TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { Menu, MenuItem } from '@/components/menu';
import { Empty, Loaded, SkeletonRows } from '@/components/states';
import type { Sorting } from '@/components/table';
import { toast } from '@/components/toast';
import { CustomerFilters, CustomerTable, inOrder, readCondition, useCustomers, useOpened, writeCondition, type Condition, type CustomerFilter } from '@/features/segmentations';
import { useTypedAddress } from '@/lib/address';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { plural } from '@/lib/format';
import { messageOf } from '@/lib/http';

const PAGE_SIZE = 50;
const SHOWN_FIELDS = 6;
const FILES = { xlsx: 'Excel', csv: 'CSV', parquet: 'Parquet' } as const;

/** What the address asks for, as the API takes it. */
function filterOf(address: URLSearchParams): CustomerFilter {
  const [q, sort, segment, cursor] = ['q', 'sort', 'segment', 'cursor'].map((name) => address.get(name) ?? '');
  const where = address.getAll('where').filter((text) => readCondition(text) !== null);
  return {
    limit: PAGE_SIZE,
    ...(q ? { q } : {}),
    ...(sort ? { sort } : {}),
    ...(segment && /^-?\d+$/.test(segment) ? { segment: [Number(segment)] } : {}),
    ...(cursor ? { cursor } : {}),
    ...(where.length > 0 ? { where } : {}),
  };
}

/** All customers of a version, narrowed down by what the address says. */
export default function SegmentationCustomersPage() {
  const { id, segmentation, version } = useOpened();
  const [address, setAddress] = useSearchParams();
  const at = version.is_active ? undefined : version.version;
  const filter = filterOf(address);
  const customers = useCustomers({ id, version: at }, filter);
  const change = (edit: (next: URLSearchParams) => void, replace = true): void =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        next.delete('cursor');
        edit(next);
        return next;
      },
      { replace },
    );
  const set = (changes: Record<string, string>): void => change((next) => Object.entries(changes).forEach(([name, value]) => (value === '' ? next.delete(name) : next.set(name, value))));
  const [typed, type] = useTypedAddress({ address, change: set }, 'q');
  const conditions = address.getAll('where').map(readCondition).filter((each) => each !== null);
  const setConditions = (all: readonly Condition[]): void =>
    change((next) => {
      next.delete('where');
      for (const each of all) next.append('where', writeCondition(each));
    });
  const sort = address.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  const fields = Object.keys(customers.data?.items[0]?.values ?? {});
  const shownFields = fields.slice(0, SHOWN_FIELDS);
  const sorting: Sorting | null = sort === '' ? null : { column: fields.includes(column) ? `value:${column}` : column, descending: sort.startsWith('-') };
  const columns = fields.map((name) => ({ name, isNumber: customers.data?.items.some(({ values }) => typeof values[name] === 'number') ?? false }));
  const isNarrowed = address.has('q') || address.has('segment') || conditions.length > 0;
  const fetchAs = (format: keyof typeof FILES) => (): void => {
    const query = new URLSearchParams({ format });
    for (const [name, value] of address) if (['q', 'segment', 'where', 'sort'].includes(name)) query.append(name, value);
    if (at !== undefined) query.set('version', String(at));
    void download(`/api/v1/segmentations/${id}/customers?${query.toString()}`, fileNameOf([segmentation.name, 'customers', isNarrowed ? 'filtered' : ''], format)).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  };
  return (
    <>
      <search className="flex flex-col gap-3">
        <TextField label="Search" type="search" fieldClass="max-w-sm" placeholder="Any text of a customer" value={typed} onChange={(event) => type(event.target.value)} />
        <CustomerFilters columns={columns} segments={inOrder(version.segments)} segment={address.get('segment') ?? ''} onSegment={(segment) => set({ segment })} conditions={conditions} onConditions={setConditions} />
      </search>
      <Section
        title={customers.data ? `${plural(customers.data.total, 'customer')}${isNarrowed ? ' found' : ''}` : 'Customers'}
        flush
        actions={
          <Menu trigger={<IconButton icon="download" label="Download these customers" />}>
            {Object.entries(FILES).map(([format, label]) => (
              <MenuItem key={format} onSelect={fetchAs(format as keyof typeof FILES)}>
                {label}
              </MenuItem>
            ))}
          </Menu>
        }
      >
        <Loaded query={customers} skeleton={<SkeletonRows rows={12} />}>
          {(data) =>
            data.items.length > 0 ? (
              <div className={customers.isPlaceholderData ? 'opacity-60' : ''}>
                <CustomerTable
                  id={id}
                  version={at}
                  rows={data.items}
                  fields={shownFields}
                  identifiedBy={data.identified_by}
                  caption="Customers and their segments"
                  sorting={sorting}
                  onSort={({ column: by, descending }) => set({ sort: `${descending ? '-' : ''}${by.replace(/^value:/, '')}` })}
                />
                {address.has('cursor') || data.next_cursor !== null ? (
                  <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2 md:px-5">
                    {address.has('cursor') ? <Button onClick={() => change(() => undefined, false)}>First page</Button> : null}
                    {data.next_cursor !== null ? (
                      <Button icon="right" className="flex-row-reverse" onClick={() => change((next) => next.set('cursor', data.next_cursor ?? ''), false)}>
                        Next page
                      </Button>
                    ) : null}
                  </nav>
                ) : null}
              </div>
            ) : (
              <Empty
                icon="search"
                title="No customer matches"
                action={
                  <Button
                    onClick={() => {
                      type('');
                      change((next) => ['q', 'segment', 'where'].forEach((name) => next.delete(name)));
                    }}
                  >
                    Clear filters
                  </Button>
                }
              >
                Try a wider range, another segment or another word.
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

import { useState, type ReactNode } from 'react';
import { Button, IconButton, TextLink } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { LongName } from '@/components/long-name';
import { Menu, MenuItem } from '@/components/menu';
import { Empty, Loaded, SkeletonRows, type Shown } from '@/components/states';
import { Pager, sortRows, Table, type Column } from '@/components/table';
import { toast } from '@/components/toast';
import { usePagedAddress, useSorting, useTypedAddress } from '@/lib/address';
import { formatAgo, formatTime, plural } from '@/lib/format';

/** One page of a list, and how long the list is. */
export interface Listed<Row> {
  rows: readonly Row[];
  total: number;
}

/** What a list shows, all of it in the address: its search, its order and its page. */
export function useListing<Field extends string>(fields: readonly Field[], size = 50) {
  const paged = usePagedAddress();
  const [typed, type] = useTypedAddress(paged, 'search');
  // As the address has it, so that it changes together with the page.
  const search = (paged.address.get('search') ?? '').trim();
  return { ...paged, ...useSorting(paged, fields), isSorted: fields.length > 0, size, search, typed, type, turnTo: (skip: number) => paged.change({ skip: String(skip) }) };
}

type Listing = ReturnType<typeof useListing>;

/** The page to show of a list that came whole. */
export function pageOf<Row>(all: readonly Row[], columns: readonly Column<Row>[], { search, sorting, skip, size }: Listing, textOf: (row: Row) => string): Listed<Row> {
  const wanted = search.toLowerCase();
  const found = wanted === '' ? all : all.filter((row) => textOf(row).toLowerCase().includes(wanted));
  return { rows: sortRows(found, columns, sorting).slice(skip, skip + size), total: found.length };
}

interface ListingProps<Row> {
  listing: Listing;
  query: Shown<Listed<Row>>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string | number;
  onOpen?: ((row: Row) => void) | undefined;
  /** What the list is called, and one of its rows. */
  title: string;
  noun: string;
  /** What a search looks at. */
  searched: string;
  /** Other ways to narrow the list down, and whether one is in use. */
  filters?: ReactNode;
  isFiltered?: boolean;
  empty: ReactNode;
  children?: ReactNode;
}

/** A list to search, sort and turn the pages of, with all its states. */
export function ListingView<Row>({ listing, query, columns, rowKey, onOpen, title, noun, searched, filters, isFiltered = false, empty, children }: ListingProps<Row>) {
  const { search, typed, type, skip, size, sorting, sortBy, isSorted, turnTo, clear } = listing;
  const isNarrowed = search !== '' || isFiltered;
  const total = query.data?.total;
  if (total === 0 && !isNarrowed && query.isPlaceholderData !== true) {
    return (
      <Section title={title} flush>
        {empty}
      </Section>
    );
  }
  return (
    <>
      <search className="flex flex-wrap items-end gap-3">
        <TextField label="Search" type="search" fieldClass="w-full max-w-sm" placeholder={searched} value={typed} onChange={(event) => type(event.target.value)} />
        {filters}
      </search>
      <Section title={total === undefined ? title : `${plural(total, noun)}${isNarrowed ? ' found' : ''}`} flush>
        <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
          {({ rows, total: all }) =>
            rows.length > 0 ? (
              <div className={query.isPlaceholderData === true ? 'opacity-60' : ''}>
                <Table caption={title} columns={columns} rows={rows} rowKey={rowKey} onOpen={onOpen} sorting={sorting} {...(isSorted ? { onSort: sortBy } : {})} />
                <Pager skip={skip} limit={size} total={all} onChange={turnTo} />
              </div>
            ) : all > 0 ? (
              <Empty icon="search" title="This page is empty" action={<Button onClick={() => turnTo(0)}>First page</Button>}>
                The list has become shorter.
              </Empty>
            ) : (
              <Empty
                icon="search"
                title="Nothing found"
                action={
                  <Button
                    onClick={() => {
                      type('');
                      clear();
                    }}
                  >
                    {isFiltered ? 'Clear filters' : 'Clear the search'}
                  </Button>
                }
              >
                {search === '' ? 'Nothing matches these filters.' : `Nothing here contains “${search}”.`}
              </Empty>
            )
          }
        </Loaded>
        {children}
      </Section>
    </>
  );
}

/** The column that names a row and leads to it. */
export function nameColumn<Row>(title: string, nameOf: (row: Row) => string, addressOf: (row: Row) => string, below?: (row: Row) => ReactNode): Column<Row> {
  return {
    id: 'name',
    title,
    className: 'max-w-0 w-full',
    sort: (row) => nameOf(row).toLowerCase(),
    cell: (row) => (
      <div className="flex min-w-0 flex-col">
        <TextLink to={addressOf(row)} className="font-strong max-md:flex max-md:min-h-11 max-md:items-center" title={nameOf(row)}>
          <span className="line-clamp-2 max-md:line-clamp-4">
            <LongName>{nameOf(row)}</LongName>
          </span>
        </TextLink>
        {below?.(row)}
      </div>
    ),
  };
}

/** The column that says when, roughly, and exactly on hover. */
export function timeColumn<Row>(id: string, title: string, timeOf: (row: Row) => string, about?: (row: Row) => string): Column<Row> {
  return {
    id,
    title,
    wideOnly: true,
    sort: timeOf,
    cell: (row) => (
      <time dateTime={timeOf(row)} title={[formatTime(timeOf(row)), about?.(row)].filter(Boolean).join(', ')} className="whitespace-nowrap text-soft">
        {formatAgo(timeOf(row))}
      </time>
    ),
  };
}

interface Upload {
  id: number;
  filename: string;
}

interface UploadListProps<Row extends Upload> extends Pick<ListingProps<Row>, 'title' | 'noun' | 'empty'> {
  query: Shown<readonly Row[]>;
  nameTitle: string;
  addressOf: (row: Row) => string;
  /** Between the name and the menu; what can be sorted by says so. */
  columns: readonly Column<Row>[];
  onOpen: (row: Row) => void;
  /** More that can be done with one. */
  actions?: (row: Row) => ReactNode;
  /** What is deleted with one. */
  deleting: string;
  remove: { mutate: (id: number, done: { onSuccess: () => void }) => void; isPending: boolean; error: Error | null; reset: () => void };
}

/** Files that someone uploaded: to open, and to delete by typing their name. */
export function UploadList<Row extends Upload>({ query, nameTitle, addressOf, columns, actions, deleting, remove, noun, ...view }: UploadListProps<Row>) {
  const [chosen, setChosen] = useState<Row | null>(null);
  const all: Column<Row>[] = [
    nameColumn(nameTitle, (row) => row.filename, addressOf),
    ...columns,
    {
      id: 'actions',
      title: '',
      cell: (row) => (
        <div className="flex justify-end">
          <Menu trigger={<IconButton icon="more" label={`More for ${row.filename}`} />}>
            {actions?.(row)}
            <MenuItem danger onSelect={() => setChosen(row)}>
              Delete
            </MenuItem>
          </Menu>
        </div>
      ),
    },
  ];
  const listing = useListing(all.map(({ id }) => id));
  const page = query.data && pageOf(query.data, all, listing, (row) => row.filename);
  return (
    <>
      <ListingView {...view} noun={noun} listing={listing} query={{ ...query, data: page }} columns={all} rowKey={(row) => row.id} searched="Name of the file" />
      {chosen ? (
        <Confirm
          title={`Delete ${chosen.filename}?`}
          description={deleting}
          typed={chosen.filename.length <= 40 ? chosen.filename : 'delete'}
          action={`Delete ${noun}`}
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() =>
            remove.mutate(chosen.id, {
              onSuccess: () => {
                toast(`${chosen.filename} is deleted`);
                setChosen(null);
              },
            })
          }
          onClose={() => {
            remove.reset();
            setChosen(null);
          }}
        />
      ) : null}
    </>
  );
}

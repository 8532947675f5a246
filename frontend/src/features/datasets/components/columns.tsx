import { useState } from 'react';
import { Chooser } from '@/components/field';
import { LongName } from '@/components/long-name';
import { Pager, sortRows, Table, type Column, type Sorting } from '@/components/table';
import { formatCount, formatShare } from '@/lib/format';
import type { ColumnKind, Dataset, DatasetColumn } from '../api/datasets';
import { useCorrection } from './correction';
import { SetAsideLines } from './set-aside';

const PAGE_SIZE = 50;
const KINDS: Record<ColumnKind, string> = {
  numeric: 'Number',
  categorical: 'Category',
  identifier: 'Identifier',
  date: 'Date',
  free_text: 'Free text',
  constant: 'Constant',
};

/** What each column is; numbers and categories are clustered on, the others are left out. */
export function ColumnTable({ dataset }: { dataset: Dataset }) {
  const correct = useCorrection(dataset);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [skip, setSkip] = useState(0);
  const change = (name: string, kind: ColumnKind): void => correct.take({ kinds: { [name]: kind } }, `${name} was read as ${KINDS[kind].toLowerCase()}`);
  const columns: Column<DatasetColumn>[] = [
    {
      id: 'name',
      title: 'Column',
      sort: (column) => column.name,
      className: 'max-w-0 w-1/4 max-md:w-1/2',
      cell: (column) => (
        <>
          <span className="line-clamp-2 font-strong" title={column.name}>
            <LongName>{column.name}</LongName>
            {column.unit ? <span className="font-normal text-soft"> ({column.unit})</span> : null}
          </span>
          {column.meaning === null ? null : <span className="block text-soft">{column.meaning}</span>}
          {/* In a column of their own where there is room. */}
          <span className="block truncate text-soft md:hidden">{column.examples.slice(0, 2).join(', ')}</span>
        </>
      ),
    },
    {
      id: 'kind',
      title: 'Kind',
      sort: (column) => column.kind,
      cell: (column) => (
        <Chooser
          aria-label={`Kind of ${column.name}`}
          className="min-h-11 rounded-control border border-edge bg-surface pl-2 md:min-h-8"
          value={column.kind}
          disabled={correct.isPending}
          onChange={(event) => change(column.name, event.target.value as ColumnKind)}
        >
          {Object.entries(KINDS).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </Chooser>
      ),
    },
    { id: 'missing', title: 'Missing', number: true, wideOnly: true, sort: (column) => column.missing, cell: (column) => (column.missing > 0 ? `${formatCount(column.missing)} (${formatShare(column.missing / dataset.n_rows)})` : '0') },
    { id: 'distinct', title: 'Distinct', number: true, wideOnly: true, sort: (column) => column.distinct, cell: (column) => formatCount(column.distinct) },
    {
      id: 'examples',
      title: 'Examples',
      wideOnly: true,
      className: 'max-w-0 w-2/5',
      cell: (column) => (
        <span className="block truncate text-soft" title={column.examples.join(', ')}>
          {column.examples.join(', ')}
        </span>
      ),
    },
  ];
  return (
    <>
      <Table
        caption="Columns and their kinds"
        columns={columns}
        rows={sortRows(dataset.columns, columns, sorting).slice(skip, skip + PAGE_SIZE)}
        rowKey={(column) => column.name}
        sorting={sorting}
        onSort={(next) => {
          setSorting(next);
          setSkip(0);
        }}
      />
      <Pager skip={skip} limit={PAGE_SIZE} total={dataset.columns.length} onChange={setSkip} />
    </>
  );
}

/** The first rows, as they were read, and the lines that are none. */
export function Preview({ dataset }: { dataset: Dataset }) {
  return (
    <>
    <SetAsideLines dataset={dataset} />
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Preview of the first rows">
      <table className="w-full text-small">
        <caption className="sr-only">The first rows of {dataset.filename}</caption>
        <thead>
          <tr>
            {dataset.columns.map(({ name, kind }) => (
              <th key={name} scope="col" className={`border-b border-line px-3 py-2 whitespace-nowrap text-soft first:pl-4 last:pr-4 md:first:pl-5 md:last:pr-5 ${kind === 'numeric' ? 'text-right' : 'text-left'}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dataset.preview.map((row, index) => (
            <tr key={index} className="border-b border-line last:border-b-0">
              {dataset.columns.map(({ name, kind }) => {
                const value: unknown = row[name];
                const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '–';
                return (
                  <td key={name} title={text} className={`max-w-56 truncate px-3 py-2 first:pl-4 last:pr-4 md:first:pl-5 md:last:pr-5 ${kind === 'numeric' ? 'text-right' : ''}`}>
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    </>
  );
}

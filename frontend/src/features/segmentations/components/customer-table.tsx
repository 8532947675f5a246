import { TextLink } from '@/components/button';
import { SegmentName } from '@/components/segment';
import { Table, type Column, type Sorting } from '@/components/table';
import { formatShare, likelihoodOf } from '@/lib/format';
import type { CustomerRow } from '../api/looking';
import type { Ref } from '../api/segmentations';
import { addressIn } from './opened';
import { formatValue } from './values';

interface CustomerTableProps {
  id: Ref;
  version: number | undefined;
  rows: readonly CustomerRow[];
  /** What is shown of each, beyond its segment. */
  fields: readonly string[];
  /** What identifies them, where a column does. */
  identifiedBy?: string | null;
  withSegment?: boolean;
  caption: string;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting) => void;
}

const isNumber = (rows: readonly CustomerRow[], field: string): boolean => rows.some(({ values }) => typeof values[field] === 'number');

/** Customers with their segments, how likely they are there, and what is known of them. */
export function CustomerTable({ id, version, rows, fields, identifiedBy = null, withSegment = true, caption, sorting = null, onSort }: CustomerTableProps) {
  const sort = onSort ? () => 0 : undefined;
  const columns: Column<CustomerRow>[] = [
    {
      id: 'identifier',
      title: identifiedBy ?? 'Customer',
      ...(sort ? { sort } : {}),
      cell: (row) => (
        <TextLink to={addressIn(id, `customers/${encodeURIComponent(row.identifier)}`, version)} className="max-md:flex max-md:min-h-11 max-md:items-center">
          <span className="block max-w-40 truncate" title={row.identifier}>
            {row.identifier}
          </span>
        </TextLink>
      ),
    },
    ...(withSegment
      ? [{ id: 'segment', title: 'Segment', ...(sort ? { sort } : {}), cell: (row: CustomerRow) => <SegmentName wrap segment={row.segment ?? -1} name={row.segment_name} /> }]
      : []),
    {
      id: 'confidence',
      title: 'How sure',
      ...(sort ? { sort } : {}),
      cell: (row) => (
        <span title={row.probability === null ? undefined : `Probability ${formatShare(row.probability)}`}>
          {row.outlier ? 'unusual customer' : likelihoodOf(row)}
          {row.confidence === null ? null : <span className="text-soft"> ({row.confidence}%)</span>}
        </span>
      ),
    },
    ...fields.map((field): Column<CustomerRow> => ({
      id: `value:${field}`,
      title: field,
      number: isNumber(rows, field),
      wideOnly: true,
      ...(sort ? { sort } : {}),
      cell: (row) => (
        <span className="block max-w-48 truncate" title={formatValue(row.values[field])}>
          {formatValue(row.values[field])}
        </span>
      ),
    })),
  ];
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <Table caption={caption} columns={columns} rows={rows} rowKey={(row) => row.row} sorting={sorting} {...(onSort ? { onSort } : {})} />
    </div>
  );
}

import { useState } from 'react';
import { timeColumn } from '@/components/listing';
import { Section } from '@/components/layout';
import { Pager, Table, type Column } from '@/components/table';
import { plural } from '@/lib/format';
import { usePlaced, type PlacedCustomer } from '../api/placing';
import type { Ref } from '../api/segmentations';
import { formatValue } from './values';

const SHOWN = 10;

const said = ({ customer }: PlacedCustomer): string => Object.entries(customer).map(([name, value]) => `${name} ${formatValue(value)}`).join(', ');

const COLUMNS: readonly Column<PlacedCustomer>[] = [
  { id: 'segment', title: 'Segment', cell: (row) => row.segment_name },
  { id: 'confidence', title: 'Confidence', number: true, cell: (row) => (row.confidence === null ? '–' : `${row.confidence}%`) },
  { id: 'customer', title: 'Customer', wideOnly: true, className: 'max-w-0 w-1/2', cell: (row) => <span className="block truncate" title={said(row)}>{said(row)}</span> },
  { id: 'by', title: 'By', wideOnly: true, cell: (row) => row.by },
  timeColumn('at', 'When', (row) => row.at, (row) => `version ${row.version}`),
];

/** Who was placed here before, newest first; nothing where no one was. */
export function PlacedBefore({ id }: { id: Ref }) {
  const [skip, setSkip] = useState(0);
  const placed = usePlaced(id, skip, SHOWN);
  if (placed.data === undefined || placed.data.total === 0) return null;
  return (
    <Section title={`${plural(placed.data.total, 'customer')} placed so far`} flush>
      <Table caption="Placed customers, newest first" columns={COLUMNS} rows={placed.data.rows} rowKey={(row) => row.id} />
      <Pager skip={skip} limit={SHOWN} total={placed.data.total} onChange={setSkip} />
    </Section>
  );
}

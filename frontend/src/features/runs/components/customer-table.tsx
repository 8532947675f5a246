import { useState } from 'react';
import { SegmentName } from '@/components/segment';
import { Loaded, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { formatCount } from '@/lib/format';
import { useSegments, type Segments } from '../api/runs';

const PAGE_SIZE = 20;
type Assignment = Segments['assignments'][number];

export function CustomerTable({ run }: { run: number }) {
  const [skip, setSkip] = useState(0);
  const segments = useSegments(run, skip, PAGE_SIZE);
  return (
    <Loaded query={segments} skeleton={<SkeletonRows rows={20} />}>
      {(data) => {
        const columns: Column<Assignment>[] = [
          { id: 'customer', title: data.customer_id_column ?? 'Customer', className: 'max-w-0 w-1/2 max-md:w-1/3', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
          { id: 'segment', title: 'Segment', className: 'max-w-0 w-1/2', cell: (row) => <SegmentName wrap segment={row.cluster} name={row.cluster_name} /> },
          { id: 'row', title: 'Row', number: true, wideOnly: true, cell: (row) => formatCount(row.row) },
        ];
        return (
          <>
            <Table caption="Customers and their segments" columns={columns} rows={data.assignments} rowKey={(row) => row.row} />
            <Pager skip={skip} limit={PAGE_SIZE} total={data.total} onChange={setSkip} />
          </>
        );
      }}
    </Loaded>
  );
}

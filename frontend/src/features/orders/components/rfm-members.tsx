import { useState } from 'react';
import { Button } from '@/components/button';
import { Loaded, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { toast } from '@/components/toast';
import { client, save, unwrap } from '@/lib/client';
import { csvFile } from '@/lib/csv';
import { formatCount, formatMoney } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useRfmCustomers, type Members, type RfmCustomer } from '../api/views';

const PAGE_SIZE = 20;
const PART = 1000;

/** All of them, fetched a part at a time, as a file. */
async function downloadMembers(snapshot: number, members: Members): Promise<void> {
  const all: RfmCustomer[] = [];
  for (let total = Infinity; all.length < total; ) {
    const { customers, total: found } = await unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/rfm/customers', { params: { path: { snapshot_id: snapshot }, query: { ...members, skip: all.length, limit: PART } } }));
    if (customers.length === 0) break;
    all.push(...customers);
    total = found;
  }
  const columns = ['customer_id', 'segment', 'recency_days', 'orders', 'money', 'recency', 'frequency', 'monetary'] as const;
  save(csvFile({ columns, rows: all.map((row) => columns.map((column) => row[column])) }), 'customers.csv');
}

/** The customers of a cell or a segment, to look at and to take away. */
export function RfmMembers({ snapshot, members, currency }: { snapshot: number; members: Members; currency: string | null }) {
  const [skip, setSkip] = useState(0);
  const [saving, setSaving] = useState(false);
  const customers = useRfmCustomers(snapshot, members, skip, PAGE_SIZE);
  const download = (): void => {
    setSaving(true);
    void downloadMembers(snapshot, members)
      .catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))
      .finally(() => setSaving(false));
  };
  const columns: Column<RfmCustomer>[] = [
    { id: 'customer', title: 'Customer', className: 'max-w-0 w-1/3', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
    { id: 'recency', title: 'Days since', number: true, cell: (row) => formatCount(row.recency_days) },
    { id: 'orders', title: 'Orders', number: true, cell: (row) => formatCount(row.orders) },
    { id: 'money', title: 'Money', number: true, cell: (row) => formatMoney(row.money, currency) },
    { id: 'scores', title: 'R F M', number: true, wideOnly: true, cell: (row) => `${row.recency} ${row.frequency} ${row.monetary}` },
  ];
  return (
    <Loaded query={customers} skeleton={<SkeletonRows rows={8} />}>
      {(data) => (
        <>
          <Table caption="Customers" columns={columns} rows={data.customers} rowKey={(row) => row.customer_id} />
          <Pager skip={skip} limit={PAGE_SIZE} total={data.total} onChange={setSkip} />
          <div className="px-4 pt-2 pb-4 md:px-5">
            <Button icon="download" busy={saving} onClick={download}>
              Download CSV
            </Button>
          </div>
        </>
      )}
    </Loaded>
  );
}

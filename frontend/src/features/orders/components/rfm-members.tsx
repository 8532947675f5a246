import { useState } from 'react';
import type { Column } from '@/components/table';
import { formatCount, formatMoney } from '@/lib/format';
import { fetchRfmCustomers, useRfmCustomers, type Members, type RfmCustomer } from '../api/views';
import { MemberList, MEMBERS_SHOWN } from './member-list';

/** The customers of a cell or a segment of the grid. */
export function RfmMembers({ snapshot, members, currency }: { snapshot: number; members: Members; currency: string | null }) {
  const [skip, setSkip] = useState(0);
  const customers = useRfmCustomers(snapshot, members, skip, MEMBERS_SHOWN);
  const columns: Column<RfmCustomer>[] = [
    { id: 'customer', title: 'Customer', className: 'max-w-0 w-1/3', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
    { id: 'recency', title: 'Days since', number: true, cell: (row) => formatCount(row.recency_days) },
    { id: 'orders', title: 'Orders', number: true, cell: (row) => formatCount(row.orders) },
    { id: 'money', title: 'Money', number: true, cell: (row) => formatMoney(row.money, currency) },
    { id: 'scores', title: 'R F M', number: true, wideOnly: true, cell: (row) => `${row.recency} ${row.frequency} ${row.monetary}` },
  ];
  return (
    <MemberList
      query={customers}
      columns={columns}
      fields={['customer_id', 'segment', 'recency_days', 'orders', 'money', 'recency', 'frequency', 'monetary']}
      fetchPart={(from, limit) => fetchRfmCustomers(snapshot, members, from, limit)}
      skip={skip}
      onTurn={setSkip}
    />
  );
}

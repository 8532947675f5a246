import { useState } from 'react';
import type { Column } from '@/components/table';
import { formatMoney } from '@/lib/format';
import { fetchMovers, useMovers, type Comparison, type Move, type MoveMember } from '../api/views';
import { MemberList, MEMBERS_SHOWN } from './member-list';

/** The customers who made one move. */
export function Movers({ orders, asked, move, currency }: { orders: number; asked: Comparison; move: Move; currency: string | null }) {
  const [skip, setSkip] = useState(0);
  const movers = useMovers(orders, asked, move, skip, MEMBERS_SHOWN);
  const columns: Column<MoveMember>[] = [
    { id: 'customer', title: 'Customer', className: 'max-w-0 w-1/2', cell: (row) => <span className="block truncate" title={row.customer_id}>{row.customer_id}</span> },
    ...(move.money_after === null
      ? []
      : [
          { id: 'before', title: 'Money before', number: true, cell: (row: MoveMember) => formatMoney(row.money_before, currency) },
          { id: 'after', title: 'Money after', number: true, cell: (row: MoveMember) => formatMoney(row.money_after, currency) },
        ]),
  ];
  return (
    <MemberList
      query={movers}
      columns={columns}
      fields={['customer_id', 'source', 'target', 'money_before', 'money_after']}
      fetchPart={(from, limit) => fetchMovers(orders, asked, move, from, limit)}
      skip={skip}
      onTurn={setSkip}
    />
  );
}

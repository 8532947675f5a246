import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { Loaded, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { SaveAll, type Part } from './save-all';

export const MEMBERS_SHOWN = 20;

interface MemberListProps<Member> extends ComponentProps<typeof SaveAll<Member>> {
  query: UseQueryResult<Part<Member>>;
  columns: readonly Column<Member>[];
  skip: number;
  onTurn: (skip: number) => void;
}

/** Customers of a cell, a segment or a move, to look at and to take away. */
export function MemberList<Member extends { customer_id: string }>({ query, columns, skip, onTurn, ...file }: MemberListProps<Member>) {
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
      {(data) => (
        <section aria-label="Customers" className="-mx-3 flex flex-col gap-2">
          <Table caption="Customers" columns={columns} rows={data.customers} rowKey={(row) => row.customer_id} />
          <Pager skip={skip} limit={MEMBERS_SHOWN} total={data.total} onChange={onTurn} />
          <div className="px-4 md:px-5">
            <SaveAll {...file} />
          </div>
        </section>
      )}
    </Loaded>
  );
}

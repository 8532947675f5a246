import { useState } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from '@/components/button';
import { Loaded, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { toast } from '@/components/toast';
import { save } from '@/lib/client';
import { csvFile } from '@/lib/csv';
import { fileNameOf, pageName } from '@/lib/file-name';
import { messageOf } from '@/lib/http';

export const MEMBERS_SHOWN = 20;
const PART = 1000;

interface Part<Member> {
  customers: Member[];
  total: number;
}

interface MemberListProps<Member> {
  query: UseQueryResult<Part<Member>>;
  columns: readonly Column<Member>[];
  /** What a file of them has. */
  fields: readonly (keyof Member & string)[];
  fetchPart: (skip: number, limit: number) => Promise<Part<Member>>;
  skip: number;
  onTurn: (skip: number) => void;
}

/** All of them, a part at a time. */
async function fetchAll<Member>(fetchPart: MemberListProps<Member>['fetchPart']): Promise<Member[]> {
  const all: Member[] = [];
  for (let total = Infinity; all.length < total; ) {
    const part = await fetchPart(all.length, PART);
    if (part.customers.length === 0) break;
    all.push(...part.customers);
    total = part.total;
  }
  return all;
}

/** Customers of a cell, a segment or a move, to look at and to take away. */
export function MemberList<Member extends { customer_id: string }>({ query, columns, fields, fetchPart, skip, onTurn }: MemberListProps<Member>) {
  const [saving, setSaving] = useState(false);
  const download = (): void => {
    setSaving(true);
    void fetchAll(fetchPart)
      .then((all) => save(csvFile({ columns: fields, rows: all.map((member) => fields.map((field) => member[field] as string | number | null)) }), fileNameOf([pageName(), 'customers'], 'csv')))
      .catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))
      .finally(() => setSaving(false));
  };
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
      {(data) => (
        <section aria-label="Customers" className="-mx-3 flex flex-col gap-2">
          <Table caption="Customers" columns={columns} rows={data.customers} rowKey={(row) => row.customer_id} />
          <Pager skip={skip} limit={MEMBERS_SHOWN} total={data.total} onChange={onTurn} />
          <div className="px-4 md:px-5">
            <Button icon="download" busy={saving} onClick={download}>
              Download CSV
            </Button>
          </div>
        </section>
      )}
    </Loaded>
  );
}

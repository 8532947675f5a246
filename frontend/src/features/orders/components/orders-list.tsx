import { useState } from 'react';
import { IconButton, TextLink } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { LongName } from '@/components/long-name';
import { Menu, MenuItem } from '@/components/menu';
import { sortRows, Table, type Column, type Sorting } from '@/components/table';
import { toast } from '@/components/toast';
import { formatAgo, formatCount, formatTime } from '@/lib/format';
import { useDeleteOrders, type OrdersSummary } from '../api/orders';

export function OrdersList({ orders, onOpen }: { orders: readonly OrdersSummary[]; onOpen: (orders: OrdersSummary) => void }) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [deleting, setDeleting] = useState<OrdersSummary | null>(null);
  const remove = useDeleteOrders();
  const columns: Column<OrdersSummary>[] = [
    {
      id: 'file',
      title: 'Orders',
      className: 'max-w-0 w-full',
      sort: (row) => row.filename.toLowerCase(),
      cell: (row) => (
        <TextLink to={`/orders/${row.id}`} className="font-strong max-md:flex max-md:min-h-11 max-md:items-center" title={row.filename}>
          <span className="line-clamp-2 max-md:line-clamp-4">
            <LongName>{row.filename}</LongName>
          </span>
        </TextLink>
      ),
    },
    { id: 'lines', title: 'Lines', number: true, sort: (row) => row.n_lines, cell: (row) => formatCount(row.n_lines) },
    {
      id: 'time',
      title: 'Changed',
      wideOnly: true,
      sort: (row) => row.updated_at,
      cell: (row) => (
        <time dateTime={row.updated_at} title={formatTime(row.updated_at)} className="whitespace-nowrap text-soft">
          {formatAgo(row.updated_at)}
        </time>
      ),
    },
    {
      id: 'actions',
      title: '',
      cell: (row) => (
        <div className="flex justify-end">
          <Menu trigger={<IconButton icon="more" label={`More for ${row.filename}`} />}>
            <MenuItem danger onSelect={() => setDeleting(row)}>
              Delete
            </MenuItem>
          </Menu>
        </div>
      ),
    },
  ];
  return (
    <>
      <Table caption="Uploaded orders" columns={columns} rows={sortRows(orders, columns, sorting)} rowKey={(row) => row.id} onOpen={onOpen} sorting={sorting} onSort={setSorting} />
      {deleting ? (
        <Confirm
          title={`Delete ${deleting.filename}?`}
          description="This permanently deletes the orders and their views. Tables of customers made from them stay."
          typed={deleting.filename.length <= 40 ? deleting.filename : 'delete'}
          action="Delete orders"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() =>
            remove.mutate(deleting.id, {
              onSuccess: () => {
                toast(`${deleting.filename} is deleted`);
                setDeleting(null);
              },
            })
          }
          onClose={() => {
            remove.reset();
            setDeleting(null);
          }}
        />
      ) : null}
    </>
  );
}

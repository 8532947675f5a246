import { useNavigate } from 'react-router';
import { timeColumn, UploadList } from '@/components/listing';
import { Empty } from '@/components/states';
import type { Column } from '@/components/table';
import { formatCount } from '@/lib/format';
import { useDeleteOrders, useOrdersList, type OrdersSummary } from '../api/orders';

const COLUMNS: readonly Column<OrdersSummary>[] = [
  { id: 'lines', title: 'Lines', number: true, sort: (row) => row.n_lines, cell: (row) => formatCount(row.n_lines) },
  timeColumn('time', 'Changed', (row) => row.updated_at),
];

const addressOf = ({ id }: OrdersSummary): string => `/orders/${id}`;

export function OrdersList() {
  const navigate = useNavigate();
  const orders = useOrdersList();
  const remove = useDeleteOrders();
  return (
    <UploadList
      query={orders}
      title="Files of orders"
      noun="file"
      nameTitle="Orders"
      addressOf={addressOf}
      columns={COLUMNS}
      onOpen={(row) => void navigate(addressOf(row))}
      deleting="This permanently deletes the orders and their views. Tables of customers made from them stay."
      remove={remove}
      empty={
        <Empty icon="orders" title="No orders yet">
          Your uploads will be listed here. You can load an example above.
        </Empty>
      }
    />
  );
}

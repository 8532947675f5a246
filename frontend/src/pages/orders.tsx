import { useNavigate } from 'react-router';
import { DropZone } from '@/components/drop-zone';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, SkeletonRows } from '@/components/states';
import { exampleOrders, OrdersList, useOrdersList, useUploadOrders } from '@/features/orders';
import { plural } from '@/lib/format';

export default function OrdersPage() {
  const navigate = useNavigate();
  const orders = useOrdersList();
  const upload = useUploadOrders();
  return (
    <Page title="Who buys, how often, and for how much?" lead="Upload orders as your shop exports them. They are grouped to customers.">
      <DropZone
        upload={upload}
        title="Drop a file of orders here"
        hint="One row per order or per line of an order: CSV in any format, Excel or Parquet."
        working="Reading the orders and finding customers, dates and amounts"
        example={exampleOrders}
        onUploaded={({ id }) => void navigate(`/orders/${id}`)}
      />
      <Section title={orders.data ? plural(orders.data.length, 'file') : 'Files'} flush>
        <Loaded query={orders} skeleton={<SkeletonRows rows={3} />}>
          {(rows) =>
            rows.length > 0 ? (
              <OrdersList orders={rows} onOpen={({ id }) => void navigate(`/orders/${id}`)} />
            ) : (
              <Empty icon="orders" title="No orders yet">
                Your uploads will be listed here. You can load an example above.
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

import { useNavigate } from 'react-router';
import { Button } from '@/components/button';
import { DropZone } from '@/components/drop-zone';
import { Page } from '@/components/layout';
import { exampleOrders, OrdersList, useUploadOrders } from '@/features/orders';

export default function OrdersPage() {
  const navigate = useNavigate();
  const upload = useUploadOrders();
  const open = ({ id }: { id: number }): void => void navigate(`/orders/${id}`);
  return (
    <Page title="Who buys, how often, and for how much?" lead="Upload orders as your shop exports them. They are grouped to customers.">
      <DropZone
        upload={upload}
        title="Drop a file of orders here"
        hint="One row per order or per line of an order: CSV in any format, Excel or Parquet."
        working="Reading the orders and finding customers, dates and amounts"
        actions={<Button onClick={() => upload.mutate(exampleOrders(), { onSuccess: open })}>Load an example</Button>}
        onUploaded={open}
      />
      <OrdersList />
    </Page>
  );
}

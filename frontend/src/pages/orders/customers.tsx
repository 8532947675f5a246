import { useNavigate } from 'react-router';
import { Section } from '@/components/layout';
import { Empty } from '@/components/states';
import { SnapshotForm, SnapshotList, useBook } from '@/features/orders';

export default function OrderCustomersPage() {
  const { orders, snapshot } = useBook();
  const navigate = useNavigate();
  return (
    <>
      <Section title="Customers at a date" note="One row per customer, counting the orders up to that day. Each date is kept as a table like any other.">
        <SnapshotForm orders={orders} onMade={({ id }) => void navigate(`/orders/${orders.id}/rfm?snapshot=${id}`)} />
      </Section>
      <Section title="Dates so far" flush>
        {orders.snapshots.length > 0 ? (
          <SnapshotList orders={orders} shown={snapshot} />
        ) : (
          <Empty icon="customers" title="None yet">
            Choose a day above. The customers at the end of it will be listed here.
          </Empty>
        )}
      </Section>
    </>
  );
}

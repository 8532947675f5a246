import { useNavigate } from 'react-router';
import { LinkButton } from '@/components/button';
import { Section } from '@/components/layout';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { useDataset } from '@/features/datasets';
import { SnapshotForm, SnapshotList, useBook, type Snapshot } from '@/features/orders';
import { formatCalendarDay } from '@/lib/format';

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
      {snapshot ? <Columns snapshot={snapshot} /> : null}
    </>
  );
}

/** What each customer's row holds, and in what it is counted. */
function Columns({ snapshot }: { snapshot: Snapshot }) {
  const table = useDataset(snapshot.dataset_id);
  return (
    <Section title="What is known of each customer" note={`At the end of ${formatCalendarDay(snapshot.as_of)}`} actions={<LinkButton to={`/datasets/${snapshot.dataset_id}`}>Open the table</LinkButton>}>
      <Loaded query={table} skeleton={<SkeletonBlock height={320} />}>
        {({ columns }) => (
          <dl className="grid grid-cols-1 gap-x-8 text-small md:grid-cols-2">
            {columns.map(({ name, meaning, unit }) => (
              <div key={name} className="border-t border-line py-2">
                <dt className="font-strong [overflow-wrap:anywhere]">
                  {name}
                  {unit ? <span className="font-normal text-soft"> ({unit})</span> : null}
                </dt>
                <dd className="text-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

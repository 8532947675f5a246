import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Figure, Section } from '@/components/layout';
import { Notes } from '@/components/notes';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { fetchLeaving, LeavingRecord, LeavingTable, NextOrderChart, NoCustomers, OverdueBands, SaveAll, useBook, useLeaving, useNextOrder, useRfm, type Snapshot } from '@/features/orders';
import { formatCount, formatMoney, formatNumber, plural } from '@/lib/format';
import { isRefused } from '@/lib/http';

const PAGE_SIZE = 20;
const LEAVING_FIELDS = ['customer_id', 'segment', 'recency_days', 'median_gap_days', 'overdue', 'chance', 'orders', 'money'] as const;

export default function OrderOverduePage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <OverdueView key={snapshot.id} snapshot={snapshot} />;
}

function OverdueView({ snapshot }: { snapshot: Snapshot }) {
  const [skip, setSkip] = useState(0);
  const leaving = useLeaving(snapshot.id, skip, PAGE_SIZE);
  const next = useNextOrder(snapshot.id);
  const rfm = useRfm(snapshot.id);
  const markOf = (segment: string): number => rfm.data?.segments.findIndex(({ name }) => name === segment) ?? -1;
  const refusal = (error: Error) =>
    isRefused(error) ? (
      <Empty icon="warning" title="This cannot be shown">
        {error.message}
      </Empty>
    ) : null;
  return (
    <>
      <Section title="Who is about to leave?" note="Customers whose last order was long ago compared with their own rhythm">
        <Loaded query={leaving} skeleton={<SkeletonBlock height={260} />} onError={refusal}>
          {(data) => (
            <div className="flex flex-col gap-5">
              <dl className="grid grid-cols-2 gap-4 md:grid-cols-4">
                <Figure label="Overdue customers" value={formatCount(data.likely_to_leave)} note={`no order for ${formatNumber(data.overdue_from)} of their usual gaps`} />
                {data.money === null ? null : <Figure label="They have brought" value={formatMoney(data.money, data.currency)} />}
                <Figure label="Have a rhythm" value={formatCount(data.customers_with_rhythm)} note={`of ${plural(data.n_customers, 'customer')}: it takes three days with orders`} />
              </dl>
              <LeavingRecord record={data.record} />
              <OverdueBands bands={data.bands} overdue_from={data.overdue_from} />
              <Notes notes={data.notes} />
            </div>
          )}
        </Loaded>
      </Section>
      {leaving.data && leaving.data.total > 0 ? (
        <Section title="Overdue customers" note="Those who brought most first" flush actions={<SaveAll fields={LEAVING_FIELDS} fetchPart={(from, limit) => fetchLeaving(snapshot.id, from, limit)} name="overdue-customers" />}>
          <LeavingTable leaving={leaving.data} markOf={markOf} skip={skip} limit={PAGE_SIZE} onTurn={setSkip} />
        </Section>
      ) : null}
      <Section title="How soon do customers order again?">
        <Loaded query={next} skeleton={<SkeletonBlock height={360} />} onError={refusal}>
          {(data) => <NextOrderChart steps={data.steps} />}
        </Loaded>
      </Section>
    </>
  );
}

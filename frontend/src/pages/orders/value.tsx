import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Select } from '@/components/field';
import { Figure, Section } from '@/components/layout';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { CustomerValues, ForecastRecord, NoCustomers, SegmentValues, useBook, useRfm, useValue, type Snapshot } from '@/features/orders';
import { formatMoney, formatNumber } from '@/lib/format';
import { ApiError } from '@/lib/http';

const HORIZONS: Record<number, string> = { 30: '30 days', 90: '90 days', 180: '180 days', 365: 'A year', 730: 'Two years' };
const PAGE_SIZE = 20;

export default function OrderValuePage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <ValueView key={snapshot.id} orders={orders.id} snapshot={snapshot} />;
}

function ValueView({ orders, snapshot }: { orders: number; snapshot: Snapshot }) {
  const [days, setDays] = useState(365);
  const [skip, setSkip] = useState(0);
  const value = useValue(snapshot.id, days, skip, PAGE_SIZE);
  const rfm = useRfm(snapshot.id);
  const markOf = (segment: string): number => rfm.data?.segments.findIndex(({ name }) => name === segment) ?? -1;
  return (
    <Loaded
      query={value}
      skeleton={<SkeletonBlock height={560} />}
      onError={(error) =>
        error instanceof ApiError && error.status === 422 ? (
          <Section title="No forecast" flush>
            <Empty icon="warning" title="These orders cannot be forecast" action={<LinkButton to={`/orders/${orders}/rfm?snapshot=${snapshot.id}`}>See the RFM grid</LinkButton>}>
              {error.message}
            </Empty>
          </Section>
        ) : null
      }
    >
      {(data) => (
        <>
          <Section title="How good are such forecasts?" note="Before any figure: what the same forecast would have said earlier, and what came">
            <ForecastRecord record={data.record} />
          </Section>
          <Section title="What these customers will still bring">
            <Select
              label="Within"
              value={days}
              fieldClass="mb-5 sm:max-w-60"
              onChange={(event) => {
                setDays(Number(event.target.value));
                setSkip(0);
              }}
            >
              {Object.entries(HORIZONS).map(([each, label]) => (
                <option key={each} value={each}>
                  {label}
                </option>
              ))}
            </Select>
            <dl className="grid grid-cols-2 gap-4 md:grid-cols-4" aria-busy={value.isPlaceholderData}>
              <Figure label="Orders" value={formatNumber(data.expected_orders)} note={`By ${data.model}`} />
              {data.expected_money !== null ? <Figure label="Money" value={formatMoney(data.expected_money, data.currency)} note={data.money_rounded_to === null ? undefined : `Rounded to ${formatMoney(data.money_rounded_to, data.currency)}, as the record allows`} /> : null}
            </dl>
            {data.notes.length > 0 ? (
              <ul className="mt-3 flex list-disc flex-col gap-0.5 pl-5 text-small text-soft">
                {data.notes.map(({ code, message }) => (
                  <li key={code}>{message}</li>
                ))}
              </ul>
            ) : null}
          </Section>
          <Section title="By segment" flush>
            <SegmentValues value={data} markOf={markOf} />
          </Section>
          <Section title="By customer" note="In brackets what holds 90% of the time" flush>
            <CustomerValues value={data} markOf={markOf} skip={skip} limit={PAGE_SIZE} onTurn={setSkip} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Select, TextField } from '@/components/field';
import { Figure, Section } from '@/components/layout';
import { Notes } from '@/components/notes';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { Concentration, CustomerValues, fetchValue, ForecastRecord, NoCustomers, notesOn, SaveAll, SegmentValues, useBook, useConcentration, useRfm, useValue, type Orders, type Snapshot, type Terms } from '@/features/orders';
import { formatMoney, formatNumber } from '@/lib/format';
import { isRefused } from '@/lib/http';

const HORIZONS: Record<number, string> = { 30: '30 days', 90: '90 days', 180: '180 days', 365: 'One year', 730: 'Two years' };
const PAGE_SIZE = 20;
const VALUE_FIELDS = ['customer_id', 'segment', 'alive', 'expected_orders', 'orders_low', 'orders_high', 'expected_money', 'money_low', 'money_high'] as const;
const FIRST: Terms = { days: 365, margin: 1, discount: 0 };

export default function OrderValuePage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <ValueView key={snapshot.id} orders={orders} snapshot={snapshot} />;
}

function ValueView({ orders, snapshot }: { orders: Orders; snapshot: Snapshot }) {
  const [terms, setTerms] = useState(FIRST);
  const [skip, setSkip] = useState(0);
  const value = useValue(snapshot.id, terms, skip, PAGE_SIZE);
  const rfm = useRfm(snapshot.id);
  const concentration = useConcentration(snapshot.id);
  const markOf = (segment: string): number => rfm.data?.segments.findIndex(({ name }) => name === segment) ?? -1;
  const change = (changes: Partial<Terms>): void => {
    setTerms({ ...terms, ...changes });
    setSkip(0);
  };
  return (
    <>
      <Loaded
        query={value}
        skeleton={<SkeletonBlock height={560} />}
        onError={(error) =>
          isRefused(error) ? (
            <Section title="What customers will still bring" flush>
              <Empty icon="warning" title="These orders do not allow a forecast" action={<LinkButton to={`/orders/${orders.id}/rfm?snapshot=${snapshot.id}`}>See the RFM grid</LinkButton>}>
                {error.message}
              </Empty>
            </Section>
          ) : null
        }
      >
        {(data) => (
          <>
            <Section title="How good are such forecasts?" note="The same forecast made at an earlier day, compared with what happened since">
              <ForecastRecord value={data} />
            </Section>
            <Section title="What customers will still bring">
              <div className="flex flex-col gap-5">
                <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
                  <Select label="Within" value={terms.days} onChange={(event) => change({ days: Number(event.target.value) })}>
                    {Object.entries(HORIZONS).map(([each, label]) => (
                      <option key={each} value={each}>
                        {label}
                      </option>
                    ))}
                  </Select>
                  {data.expected_money === null ? null : (
                    <>
                      <Percent label="Margin" hint="Percent of the money that you keep" value={terms.margin} least={1} onChange={(margin) => change({ margin })} />
                      <Percent label="Discount per year" hint="Percent that a year’s wait costs" value={terms.discount} least={0} onChange={(discount) => change({ discount })} />
                    </>
                  )}
                </div>
                <dl className="grid grid-cols-1 gap-4 sm:grid-cols-3" aria-busy={value.isPlaceholderData}>
                  <Figure label="Orders" value={formatNumber(Math.round(data.expected_orders))} note={`Forecast by ${data.model}`} />
                  {data.expected_money === null ? null : (
                    <Figure label="Money" value={formatMoney(data.expected_money, data.currency)} note={data.money_low === null || data.money_high === null ? undefined : `${formatMoney(data.money_low, data.currency)} to ${formatMoney(data.money_high, data.currency)}, by the error of the record`} />
                  )}
                </dl>
                <Notes notes={[...data.notes, ...notesOn(orders)]} />
              </div>
            </Section>
            <Section title="By segment" note={data.money_rounded_to === null ? undefined : `Rounded to ${formatMoney(data.money_rounded_to, data.currency)}, which is as exact as the record allows`} flush>
              <SegmentValues value={data} markOf={markOf} />
            </Section>
            <Section title="By customer" note="In brackets, the range that holds in 90% of simulated futures" flush actions={<SaveAll fields={VALUE_FIELDS} fetchPart={(from, limit) => fetchValue(snapshot.id, terms, from, limit)} name="value-still-to-come" />}>
              <CustomerValues value={data} markOf={markOf} skip={skip} limit={PAGE_SIZE} onTurn={setSkip} />
            </Section>
          </>
        )}
      </Loaded>
      <Section title="Who has brought the money so far?">
        <Loaded
          query={concentration}
          skeleton={<SkeletonBlock height={360} />}
          onError={(error) =>
            isRefused(error) ? (
              <Empty icon="warning" title="This cannot be shown">
                {error.message}
              </Empty>
            ) : null
          }
        >
          {(data) => <Concentration report={data} />}
        </Loaded>
      </Section>
    </>
  );
}

interface PercentProps {
  label: string;
  hint: string;
  value: number;
  least: number;
  onChange: (share: number) => void;
}

/** A share in percent, which counts once the field is left or Enter is pressed. */
function Percent({ label, hint, value, least, onChange }: PercentProps) {
  const [text, setText] = useState(String(Math.round(value * 100)));
  const number = Number(text);
  const isWrong = text.trim() === '' || !(number >= least && number <= 100);
  const send = (): void => {
    if (!isWrong && number / 100 !== value) onChange(number / 100);
  };
  return (
    <TextField
      label={label}
      hint={hint}
      error={isWrong ? `Enter ${least} to 100` : undefined}
      inputMode="decimal"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send();
      }}
    />
  );
}

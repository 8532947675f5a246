import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Dialog } from '@/components/dialog';
import { Select } from '@/components/field';
import { Section } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { CutPoints, NoCustomers, RfmGrid, RfmMembers, RfmSegments, useBook, useRfm, type Members, type RfmMeasure, type Snapshot } from '@/features/orders';

const MEASURES: Record<RfmMeasure, string> = { customers: 'Customers', orders: 'Orders', money: 'Money' };

export default function OrderRfmPage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <RfmView key={snapshot.id} snapshot={snapshot} />;
}

function RfmView({ snapshot }: { snapshot: Snapshot }) {
  const rfm = useRfm(snapshot.id);
  const [measure, setMeasure] = useState<RfmMeasure>('customers');
  const [open, setOpen] = useState<{ title: string; members: Members } | null>(null);
  return (
    <Loaded query={rfm} skeleton={<SkeletonBlock height={560} />}>
      {(data) => {
        const hasMoney = data.segments.some(({ money }) => money !== null);
        return (
          <>
            <Section title="How recently and how often customers ordered">
              <div className="flex flex-col gap-4">
                <Select label="Colour by" value={measure} onChange={(event) => setMeasure(event.target.value as RfmMeasure)} fieldClass="sm:max-w-60">
                  {(Object.keys(MEASURES) as RfmMeasure[]).filter((each) => each !== 'money' || hasMoney).map((each) => (
                    <option key={each} value={each}>
                      {MEASURES[each]}
                    </option>
                  ))}
                </Select>
                <RfmGrid rfm={data} measure={measure} onPick={({ segment, recency, frequency }) => setOpen({ title: segment, members: { recency, frequency } })} />
              </div>
            </Section>
            <Section title="The segments, and what to do" flush>
              <RfmSegments rfm={data} onPick={(segment) => setOpen({ title: segment, members: { segment } })} />
            </Section>
            <Section title="Where the scores change" note="A fifth of the customers per score where figures differ; equal figures score alike. The points stay those of the first date, so that no one moves by what others did.">
              <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Where the scores change">
                <CutPoints rfm={data} />
              </div>
            </Section>
            {open ? (
              <Dialog title={open.title} wide onClose={() => setOpen(null)}>
                <RfmMembers snapshot={snapshot.id} members={open.members} currency={data.currency} />
              </Dialog>
            ) : null}
          </>
        );
      }}
    </Loaded>
  );
}

import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { Select } from '@/components/field';
import { Section } from '@/components/layout';
import { Notes } from '@/components/notes';
import { Loaded, SkeletonBlock } from '@/components/states';
import {
  CutPointDialog, CutPoints, labelsOf, NoCustomers, notesOn, RfmGrid, RfmMembers, RfmSegments, RuleDialog, RuleTable, SCORES, useBook, useRfm, useRfmRules,
  type Figure, type Members, type Orders, type RfmMeasure, type Snapshot,
} from '@/features/orders';

const MEASURES: Record<RfmMeasure, string> = { customers: 'Customers', orders: 'Orders', money: 'Money' };

export default function OrderRfmPage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <RfmView key={snapshot.id} orders={orders} snapshot={snapshot} />;
}

function RfmView({ orders, snapshot }: { orders: Orders; snapshot: Snapshot }) {
  const rfm = useRfm(snapshot.id);
  const rules = useRfmRules(orders.id);
  const [measure, setMeasure] = useState<RfmMeasure>('customers');
  const [monetary, setMonetary] = useState<number | null>(null);
  const [open, setOpen] = useState<{ title: string; members: Members } | null>(null);
  const [changing, setChanging] = useState<'segments' | 'cut points' | null>(null);
  const change = (what: NonNullable<typeof changing>) => (
    <Button icon="edit" aria-label={`Change the ${what}`} disabled={rules.data === undefined} onClick={() => setChanging(what)}>
      Change
    </Button>
  );
  return (
    <Loaded query={rfm} skeleton={<SkeletonBlock height={560} />}>
      {(data) => {
        const figures = data.cut_points.map(({ figure }) => figure as Figure);
        const hasMoney = figures.includes('monetary');
        return (
          <>
            <Section title="How recently and how often customers ordered">
              <div className="flex flex-col gap-4">
                <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
                  <Select label="Colour by" value={measure} onChange={(event) => setMeasure(event.target.value as RfmMeasure)}>
                    {(Object.keys(MEASURES) as RfmMeasure[]).filter((each) => each !== 'money' || hasMoney).map((each) => (
                      <option key={each} value={each}>
                        {MEASURES[each]}
                      </option>
                    ))}
                  </Select>
                  {hasMoney ? (
                    <Select label="Money per customer" value={monetary ?? ''} onChange={(event) => setMonetary(event.target.value === '' ? null : Number(event.target.value))}>
                      <option value="">Any</option>
                      {SCORES.toReversed().map((score) => (
                        <option key={score} value={score}>
                          {`${score}: ${labelsOf(data, 'monetary')[score - 1]}`}
                        </option>
                      ))}
                    </Select>
                  ) : null}
                </div>
                <RfmGrid
                  rfm={data}
                  measure={measure}
                  monetary={monetary}
                  onPick={({ segments, recency, frequency }) => setOpen({ title: segments.join(', '), members: { recency, frequency, ...(monetary === null ? {} : { monetary }) } })}
                />
                <Notes notes={notesOn(orders)} />
              </div>
            </Section>
            <Section title="The segments, and what to do" flush>
              <RfmSegments rfm={data} onPick={(segment) => setOpen({ title: segment, members: { segment } })} />
            </Section>
            <Section title="Which scores lead to which segment" note={rules.data?.segments_are === 'given' ? 'These are your own segments.' : 'These are the usual segments.'} actions={change('segments')}>
              <Loaded query={rules} skeleton={<SkeletonBlock height={320} />}>
                {(found) => <RuleTable rules={found} figures={figures} />}
              </Loaded>
            </Section>
            <Section
              title="Where the scores change"
              note={data.cut_points_of === null ? 'These are your own cut points; they hold for every date.' : 'A fifth of the customers per score where figures differ; equal figures score alike. The points stay those of the first date, so that no one moves by what others did.'}
              actions={change('cut points')}
            >
              <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Where the scores change">
                <CutPoints rfm={data} />
              </div>
            </Section>
            {open ? (
              <Dialog title={open.title} wide onClose={() => setOpen(null)}>
                <RfmMembers snapshot={snapshot.id} members={open.members} currency={data.currency} />
              </Dialog>
            ) : null}
            {changing === 'segments' && rules.data ? <RuleDialog orders={orders.id} rules={rules.data} figures={figures} onClose={() => setChanging(null)} /> : null}
            {changing === 'cut points' && rules.data ? <CutPointDialog orders={orders.id} rules={rules.data} rfm={data} onClose={() => setChanging(null)} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

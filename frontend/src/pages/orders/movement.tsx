import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Dialog } from '@/components/dialog';
import { Select, TextField } from '@/components/field';
import { Figure, Section } from '@/components/layout';
import { Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { LargestMoves, MovementFlow, MovementTable, Movers, useBook, useMigration, type Comparison, type Move } from '@/features/orders';
import { useRuns } from '@/features/runs';
import { wholeNumber } from '@/lib/address';
import { formatCalendarDay, formatCount, formatShare, plural } from '@/lib/format';
import { isRefused } from '@/lib/http';

const MONTH = 30 * 86_400_000;
const daysBefore = (day: string, milliseconds: number): string => new Date(new Date(day).getTime() - milliseconds).toISOString().slice(0, 10);

export default function OrderMovementPage() {
  const { orders } = useBook();
  const [address, setAddress] = useSearchParams();
  const last = orders.ledger?.last_day ?? '';
  const to = address.get('to') ?? last;
  const from = address.get('from') ?? (to === '' ? '' : daysBefore(to, MONTH));
  const run = wholeNumber(address.get('by'), 1, 1e9) ?? null;
  const asked: Comparison = { from, to, by: run !== null ? 'run' : address.get('by') === 'cells' ? 'cells' : 'segments', run };
  const migration = useMigration(orders.id, asked);
  const runs = useRuns();
  const tables = new Set(orders.snapshots.map(({ dataset_id }) => dataset_id));
  const usable = runs.data?.filter(({ dataset_id }) => tables.has(dataset_id)) ?? [];
  const [open, setOpen] = useState<Move | null>(null);
  const [only = null, ...others] = orders.ledger?.currencies ?? [];
  const currency = orders.settings.currency ?? (others.length > 0 ? null : only);
  const change = (name: string, value: string): void =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <Section title="Who moved between two days?" note="Both days are scored alike, so that no one moves by what others did">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-4">
          <TextField label="From the end of" type="date" max={to} value={from} onChange={(event) => change('from', event.target.value)} />
          <TextField label="To the end of" type="date" min={from} value={to} onChange={(event) => change('to', event.target.value)} />
          <Select label="Between" value={run ?? asked.by} onChange={(event) => change('by', event.target.value === 'segments' ? '' : event.target.value)}>
            <option value="segments">RFM segments</option>
            <option value="cells">Cells of the RFM grid</option>
            {usable.map((each) => (
              <option key={each.run_id} value={each.run_id}>
                {plural(each.n_clusters, 'segment')} found on {formatCalendarDay(each.created_at.slice(0, 10))}
              </option>
            ))}
          </Select>
        </div>
      </Section>
      {from === '' || to === '' ? null : (
        <Loaded
          query={migration}
          skeleton={<SkeletonBlock height={560} />}
          onError={(error) =>
            isRefused(error) ? (
              <Empty icon="warning" title="These days cannot be compared">
                {error.message}
              </Empty>
            ) : (
              <Problem error={error} retry={() => void migration.refetch()} />
            )
          }
        >
          {(data) => {
            const newcomers = data.sources.at(-1);
            const all = data.moves.reduce((sum, { customers }) => sum + customers, 0);
            const there = data.moves.filter(({ source }) => source !== newcomers);
            const before = there.reduce((sum, { customers }) => sum + customers, 0);
            const stayed = there.filter(({ source, target }) => source === target).reduce((sum, { customers }) => sum + customers, 0);
            return (
              <div aria-busy={migration.isPlaceholderData} className={`flex flex-col gap-6 ${migration.isPlaceholderData ? 'opacity-60' : ''}`}>
                <dl className="grid grid-cols-2 gap-4 px-1 md:grid-cols-4">
                  <Figure label="Stayed in their segment" value={formatShare(before > 0 ? stayed / before : 0)} note={`${formatCount(stayed)} of ${plural(before, 'customer')}`} />
                  <Figure label="Moved to another" value={formatCount(before - stayed)} />
                  <Figure label="New" value={formatCount(all - before)} note={`First order after ${formatCalendarDay(data.from_day)}`} />
                </dl>
                <Section title="Where customers went">
                  <MovementFlow migration={data} currency={currency} onPick={setOpen} />
                </Section>
                <Section title="Largest moves" note="Choose one to see its customers" flush>
                  <LargestMoves migration={data} currency={currency} onPick={setOpen} />
                </Section>
                <Section title="All moves, in customers">
                  <MovementTable migration={data} />
                </Section>
              </div>
            );
          }}
        </Loaded>
      )}
      {open ? (
        <Dialog title={`${open.source} → ${open.target}`} description={plural(open.customers, 'customer')} wide onClose={() => setOpen(null)}>
          <Movers orders={orders.id} asked={asked} move={open} currency={currency} />
        </Dialog>
      ) : null}
    </>
  );
}

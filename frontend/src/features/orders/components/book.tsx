import { useEffect, useRef } from 'react';
import { NavLink, useLocation, useOutletContext } from 'react-router';
import { Button, TextLink } from '@/components/button';
import { Section } from '@/components/layout';
import { Empty, Notice } from '@/components/states';
import { toast } from '@/components/toast';
import { formatCalendarDay } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useMakeSnapshot, useOrders, useRemakeSnapshot, type Orders, type Snapshot } from '../api/orders';

/** The orders that a group of pages is about, and the customers at one date that they show. */
export interface Book {
  orders: Orders;
  snapshot: Snapshot | null;
}

export const useBook = (): Book => useOutletContext<Book>();

/** Notes on figures made from these orders, without those that the ledger shows already. */
export const notesOn = ({ notes }: Orders): Orders['notes'] => notes.filter(({ code }) => code !== 'duplicates');

const VIEWS = [
  ['', 'Orders'],
  ['customers', 'Customers'],
  ['rfm', 'RFM'],
  ['segments', 'Segments'],
  ['value', 'Value'],
  ['overdue', 'Overdue'],
  ['cohorts', 'Cohorts'],
  ['movement', 'Movement'],
] as const;

/** The views of one file of orders; the date that was chosen stays. */
export function BookViews({ orders }: { orders: number }) {
  const { pathname, search } = useLocation();
  const snapshot = new URLSearchParams(search).get('snapshot');
  const views = useRef<HTMLElement>(null);
  // On a phone not all of them are in sight.
  useEffect(() => {
    views.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav ref={views} aria-label="Views of these orders" className="flex gap-1 overflow-x-auto border-b border-line">
      {VIEWS.map(([view, title]) => (
        <NavLink
          key={view}
          end
          to={{ pathname: `/orders/${orders}${view === '' ? '' : `/${view}`}`, search: snapshot === null ? '' : `?snapshot=${snapshot}` }}
          className={({ isActive }) =>
            `-mb-px flex min-h-11 items-center border-b-2 px-3 text-small whitespace-nowrap focus-visible:-outline-offset-2 ${isActive ? 'border-accent font-strong' : 'border-transparent text-soft hover:text-ink'}`
          }
        >
          {title}
        </NavLink>
      ))}
    </nav>
  );
}

/** Summarises the orders per customer up to their last day, and goes on from there. */
export function SummariseButton({ orders, onMade, children }: { orders: Orders; onMade: (snapshot: Snapshot) => void; children: string }) {
  const make = useMakeSnapshot(orders.id);
  // Once there are customers this button is gone, and what it was to do on success with it.
  const summarise = (): void =>
    void make.mutateAsync({ as_of: null, window: null, returns: null, currency: null }).then(onMade, (error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  return (
    <Button look="primary" busy={make.isPending} disabled={orders.problems.length > 0} onClick={summarise}>
      {make.isPending ? 'Summarising the customers' : children}
    </Button>
  );
}

/** Says that lines came since the customers were summarised, and summarises them again. */
export function OutOfDate({ orders, snapshot, onMade }: { orders: Orders; snapshot: Snapshot; onMade: (snapshot: Snapshot) => void }) {
  const remake = useRemakeSnapshot();
  if (!snapshot.out_of_date) return null;
  return (
    <Notice tone="warn">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <span>Orders were added or corrected after these customers were summarised.</span>
        <Button busy={remake.isPending} disabled={orders.problems.length > 0} onClick={() => void remake.mutateAsync(snapshot.id).then(onMade, (error: unknown) => toast(messageOf(error), { tone: 'danger' }))}>
          {remake.isPending ? 'Summarising the customers' : 'Summarise them again'}
        </Button>
      </div>
    </Notice>
  );
}

/** Of which orders a table of customers is the summary; where lines came since, that and the way to have them in it. */
export function MadeOfOrders({ dataset, source }: { dataset: number; source: { orders_id: number; as_of: string } }) {
  const orders = useOrders(source.orders_id);
  const snapshot = orders.data?.snapshots.find(({ dataset_id }) => dataset_id === dataset);
  if (orders.data === undefined || snapshot === undefined) return null;
  return (
    <>
      <p className="-mt-3 text-small text-soft">
        Customers at the end of {formatCalendarDay(source.as_of)}, made of <TextLink to={`/orders/${source.orders_id}/rfm?snapshot=${snapshot.id}`}>{orders.data.filename}</TextLink>
      </p>
      <OutOfDate key={snapshot.id} orders={orders.data} snapshot={snapshot} onMade={() => toast('The customers were summarised again')} />
    </>
  );
}

/** In place of a view that needs customers where there are none yet. */
export function NoCustomers({ orders, onMade }: { orders: Orders; onMade: (snapshot: Snapshot) => void }) {
  const isOpen = orders.problems.length > 0;
  return (
    <Section title="No customers yet" flush>
      <Empty icon="customers" title={isOpen ? 'The orders need your help first' : 'The orders have not been grouped to customers'} action={isOpen ? null : <SummariseButton orders={orders} onMade={onMade}>Group orders to customers</SummariseButton>}>
        {isOpen ? `${orders.problems[0]?.message ?? ''} Open Orders above to answer.` : 'Each customer becomes one row, with how recently, how often and for how much they ordered.'}
      </Empty>
    </Section>
  );
}

import { Suspense } from 'react';
import { Outlet, useParams, useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { BookViews, OutOfDate, useOrders, type Book } from '@/features/orders';
import { formatCalendarDay, plural } from '@/lib/format';
import { wholeNumber } from '@/lib/address';
import { isMissing } from '@/lib/http';
import { useNoteRecent } from '@/lib/recent';

/** What all views of one file of orders share: its name, the date that is shown, and the way between them. */
export default function OrderBookPage() {
  const id = Number(useParams().orders);
  const [address, setAddress] = useSearchParams();
  const orders = useOrders(id);
  useNoteRecent('orders', `/orders/${id}`, isMissing(orders.error) ? null : orders.data?.filename);
  const wanted = wholeNumber(address.get('snapshot'), 1, 1e9);
  const newest = [...(orders.data?.snapshots ?? [])].sort((a, b) => b.id - a.id);
  const snapshot = newest.find((each) => each.id === wanted) ?? newest[0] ?? null;
  const shown = snapshot ? `${plural(snapshot.n_customers, 'customer')} at the end of ${formatCalendarDay(snapshot.as_of)}${snapshot.out_of_date ? ', out of date' : ''}` : undefined;
  return (
    <Page
      title={orders.data?.filename ?? (isMissing(orders.error) ? 'Orders not found' : 'Orders')}
      lead={shown ?? (orders.data ? plural(orders.data.n_lines, 'line') : undefined)}
      hasLink={orders.data !== undefined}
      actions={
        <LinkButton to="/orders" icon="left">
          All orders
        </LinkButton>
      }
    >
      <Loaded
        query={orders}
        skeleton={<SkeletonBlock height={560} />}
        onError={(error) =>
          isMissing(error) ? (
            <Empty icon="search" title="These orders do not exist" action={<LinkButton to="/orders">All orders</LinkButton>}>
              They may have been deleted, or they belong to someone else.
            </Empty>
          ) : (
            <Problem error={error} retry={() => void orders.refetch()} title="These orders could not be opened" />
          )
        }
      >
        {(data) => (
          <>
            <BookViews orders={id} />
            {snapshot ? <OutOfDate key={snapshot.id} orders={data} snapshot={snapshot} onMade={({ id: made }) => setAddress({ snapshot: String(made) })} /> : null}
            <Suspense fallback={<SkeletonBlock height={420} />}>
              <Outlet context={{ orders: data, snapshot } satisfies Book} />
            </Suspense>
          </>
        )}
      </Loaded>
    </Page>
  );
}

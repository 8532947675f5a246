import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import OrderBookPage from './book';
import OrderCohortsPage from './cohorts';
import OrderCustomersPage from './customers';
import OrderLinesPage from './lines';
import OrderMovementPage from './movement';
import OrderRfmPage from './rfm';
import OrderSegmentsPage from './segments';
import OrderValuePage from './value';

// There is no canvas here, and a chart has nothing to say without one.
vi.mock('@/charts/engine', () => ({ default: () => null }));

const ROUTES = [
  {
    path: '/orders/:orders',
    element: <OrderBookPage />,
    children: [
      { index: true, element: <OrderLinesPage /> },
      { path: 'customers', element: <OrderCustomersPage /> },
      { path: 'rfm', element: <OrderRfmPage /> },
      { path: 'segments', element: <OrderSegmentsPage /> },
      { path: 'value', element: <OrderValuePage /> },
      { path: 'cohorts', element: <OrderCohortsPage /> },
      { path: 'movement', element: <OrderMovementPage /> },
    ],
  },
];
const grouped = { ...sample.orders, snapshots: [sample.snapshot] };
type Answers = Parameters<typeof serve>[0];

function open(at: string, answers: Answers = {}, orders: unknown = grouped) {
  signIn('analyst');
  const calls = serve({ 'GET /api/v1/orders/2': () => json(orders), ...answers });
  return { calls, router: show(ROUTES, at) };
}

/** The chart's data, as its menu shows them. */
async function showAsTable(): Promise<HTMLElement> {
  await userEvent.click(await screen.findByRole('button', { name: /^More about this chart/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as a table' }));
  return screen.findByRole('region', { name: /as a table$/ });
}

describe('uploaded orders', () => {
  it('account for every line of the file', async () => {
    open('/orders/2', {}, sample.orders);
    const ledger = await screen.findByRole('table', { name: 'What each line counted as' });
    expect(within(ledger).getByRole('row', { name: /Counted as orders/ })).toHaveTextContent('90');
    expect(within(ledger).getByRole('row', { name: /No customer is named.*left out/ })).toHaveTextContent('10');
    expect(within(ledger).getByRole('row', { name: /^All lines of the files/ })).toHaveTextContent('100');
  });

  it('lead to the grid with one click', async () => {
    let known: unknown = sample.orders;
    const { calls, router } = open('/orders/2', {
      'GET /api/v1/orders/2': () => json(known),
      'POST /api/v1/orders/2/snapshots': () => {
        known = grouped;
        return json(sample.snapshot, 201);
      },
      'GET /api/v1/snapshots/4/rfm': () => json(sample.rfm),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'See your customers' }));
    expect(await screen.findByRole('heading', { name: 'How recently and how often customers ordered' })).toBeVisible();
    expect(router.state.location.pathname).toBe('/orders/2/rfm');
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toMatchObject({ as_of: null, window: null });
  });

  it('say what a column is and why, and take another one, and back', async () => {
    const { calls } = open('/orders/2', { 'PATCH /api/v1/orders/2': () => json(sample.orders) }, sample.orders);
    const amount = await screen.findByLabelText('Amount');
    expect(amount).toHaveValue('paid');
    expect(screen.getByText(/It is the only column with money/)).toHaveTextContent('Please check');
    expect(screen.getByRole('columnheader', { name: /paid/ })).toHaveTextContent('Amount');
    await userEvent.selectOptions(amount, 'None');
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(calls.filter(({ method }) => method === 'PATCH')).toHaveLength(2));
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ roles: { amount: null } }, { roles: { amount: 'paid' } }]);
  });

  it('ask what the file cannot say before anything is counted', async () => {
    const problem = { field: 'date_order', code: 'ambiguous_dates', message: "Days and months of 'day' cannot be distinguished." };
    const { calls } = open('/orders/2', { 'PATCH /api/v1/orders/2': () => json(sample.orders) }, { ...sample.orders, ledger: null, problems: [problem] });
    expect((await screen.findAllByText(problem.message))[0]).toBeVisible();
    expect(screen.queryByRole('button', { name: 'See your customers' })).not.toBeInTheDocument();
    await userEvent.selectOptions(screen.getByLabelText('Dates such as 03/04/2026'), 'day_first');
    expect(await screen.findByRole('button', { name: 'See your customers' })).toBeVisible();
    expect(await calls.find(({ method }) => method === 'PATCH')?.json()).toEqual({ date_order: 'day_first' });
  });

  it('say that they do not exist where they do not', async () => {
    open('/orders/2', { 'GET /api/v1/orders/2': () => json({ detail: 'Orders not found' }, 404) });
    expect(await screen.findByText('These orders do not exist')).toBeVisible();
  });
});

describe('customers at a date', () => {
  it('are asked for by day and period', async () => {
    const { calls } = open('/orders/2/customers', { 'POST /api/v1/orders/2/snapshots': () => json(sample.snapshot, 201), 'GET /api/v1/snapshots/4/rfm': () => json(sample.rfm) });
    await userEvent.selectOptions(await screen.findByLabelText('Orders that count'), '365d');
    await userEvent.click(screen.getByRole('button', { name: 'Summarise customers' }));
    await waitFor(async () => expect(await calls.find(({ method }) => method === 'POST')?.clone().json()).toMatchObject({ as_of: '2026-06-30', window: '365d' }));
  });

  it('put a refusal on its field', async () => {
    const refusal = { type: 'before_first_order', loc: ['body', 'as_of'], msg: 'There is no order up to 2020-01-01.' };
    open('/orders/2/customers', { 'POST /api/v1/orders/2/snapshots': () => json({ detail: [refusal] }, 422) });
    await userEvent.click(await screen.findByRole('button', { name: 'Summarise customers' }));
    await waitFor(() => expect(screen.getByLabelText('Customers at the end of')).toHaveAccessibleDescription(/There is no order up to/));
  });
});

describe('the RFM grid', () => {
  const answers: Answers = {
    'GET /api/v1/snapshots/4/rfm': () => json(sample.rfm),
    'GET /api/v1/snapshots/4/rfm/customers': (request) => {
      const asked = new URL(request.url).searchParams;
      return json({ customers: [{ customer_id: `C of ${asked.get('segment') ?? `${asked.get('recency')}${asked.get('frequency')}`}`, recency: 5, frequency: 5, monetary: 5, segment: 'Champions', recency_days: 3, orders: 9, money: 99 }], total: 1 });
    },
  };

  it('leads from a segment to its customers', async () => {
    open('/orders/2/rfm', answers);
    await userEvent.click(await screen.findByRole('button', { name: 'Champions' }));
    expect(await screen.findByRole('cell', { name: 'C of Champions' })).toBeVisible();
  });

  it('leads from a cell to its customers without a mouse', async () => {
    open('/orders/2/rfm', answers);
    const table = await showAsTable();
    await userEvent.click(within(table).getByRole('button', { name: 'Hibernating' }));
    expect(await screen.findByRole('cell', { name: 'C of 11' })).toBeVisible();
  });

  it('says what each score stands for, and which no one has', async () => {
    open('/orders/2/rfm', answers);
    const scores = await screen.findByRole('table', { name: 'Where the scores change' });
    expect(within(scores).getByRole('row', { name: /^Days since/ })).toHaveTextContent('201 or more91 to 20041 to 9011 to 40up to 10');
    expect(within(scores).getByRole('row', { name: /^Orders/ })).toHaveTextContent('up to 1no one23 to 45 or more');
  });

  it('is offered where there are no customers yet', async () => {
    open('/orders/2/rfm', {}, sample.orders);
    expect(await screen.findByRole('button', { name: 'Group orders to customers' })).toBeVisible();
  });
});

describe('cohorts', () => {
  it('mark the period that is not over', async () => {
    open('/orders/2/cohorts', { 'GET /api/v1/orders/2/cohorts': () => json(sample.cohorts) });
    expect(await screen.findByText(/This month is not over/)).toBeVisible();
    const table = await showAsTable();
    expect(within(table).getByRole('row', { name: /^2026-01/ })).toHaveTextContent('2026-01404012month 1');
  });

  it('say why money cannot be shown', async () => {
    const refusal = { type: 'no_money', loc: ['body', 'measure'], msg: 'These orders have no amounts.' };
    open('/orders/2/cohorts?measure=revenue', { 'GET /api/v1/orders/2/cohorts': () => json({ detail: [refusal] }, 422) });
    expect(await screen.findByText(refusal.msg)).toBeVisible();
  });
});

describe('movement', () => {
  it('says how many stayed, and leads to those who moved', async () => {
    const { calls } = open('/orders/2/movement', { 'GET /api/v1/orders/2/migration': () => json(sample.migration) });
    expect(await screen.findByText('18 of 20 customers')).toBeVisible();
    expect(new URL(calls.at(-1)?.url ?? '').search).toBe('?from=2026-05-31&to=2026-06-30');
    const moves = screen.getByRole('table', { name: 'Largest moves' });
    await userEvent.click(within(moves).getByRole('button', { name: /^Champions to At risk/ }));
    expect(await screen.findByRole('dialog')).toHaveTextContent('C007C011');
  });
});

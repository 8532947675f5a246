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
import OrderOverduePage from './overdue';
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
      { path: 'overdue', element: <OrderOverduePage /> },
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
    expect(await screen.findByRole('heading', { name: 'How recently and how often customers ordered' }, { timeout: 10_000 })).toBeVisible();
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

describe('customers that were summarised before the last lines came', () => {
  it('say so, and are summarised again', async () => {
    const before = { ...sample.snapshot, out_of_date: true };
    let known: unknown = { ...sample.orders, snapshots: [before] };
    const { router } = open('/orders/2/customers', {
      'GET /api/v1/orders/2': () => json(known),
      'POST /api/v1/snapshots/4/remake': () => {
        known = { ...sample.orders, snapshots: [sample.snapshot] };
        return json(sample.snapshot, 201);
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Summarise them again' }));
    await waitFor(() => expect(screen.queryByText(/after these customers were summarised/)).not.toBeInTheDocument());
    expect(router.state.location.search).toBe('?snapshot=4');
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

  const withMoney = {
    ...sample.rfm,
    cut_points: [...sample.rfm.cut_points, { figure: 'monetary', unit: 'money', edges: [10, 20, 30, 40], highest_scores: 'largest', empty_scores: [] }],
    grid: sample.rfm.grid.map((cell, index) => (index === 0 ? { ...cell, segments: ['Champions', 'Best customers'] } : cell)),
    cube: [{ recency: 5, frequency: 5, monetary: 5, segment: 'Best customers', customers: 7, orders: 30, money: 600 }],
  };
  const usual = { cut_points: null, segments_are: 'default', segments: [{ name: 'Champions', recency: [5, 5], frequency: [4, 5], monetary: [1, 5] }] };
  const rules: Answers = { ...answers, 'GET /api/v1/snapshots/4/rfm': () => json(withMoney), 'GET /api/v1/orders/2/rfm-rules': () => json(usual) };

  it('shows the customers of one score of money, and every segment that shares a cell', async () => {
    open('/orders/2/rfm', rules);
    const table = await showAsTable();
    expect(within(table).getByRole('row', { name: /^Champions, Best customers/ })).toHaveTextContent('20');
    await userEvent.selectOptions(screen.getByLabelText('Money per customer'), '5: over 40');
    expect(within(table).getByRole('row', { name: /^Best customers/ })).toHaveTextContent('5' + '5' + '7');
  });

  it('says what to know of the orders that it is made of', async () => {
    const note = { code: 'refunds_not_counted', message: "'refunded' is not taken off the money: refunds count where they are lines." };
    open('/orders/2/rfm', answers, { ...grouped, notes: [note, { code: 'duplicates', message: '3 lines repeat another line exactly.' }] });
    expect(await screen.findByText(note.message)).toBeVisible();
    expect(screen.queryByText(/repeat another line/)).not.toBeInTheDocument();
  });

  it('names segments by money where its owner wants that, says what is missing, and takes it back', async () => {
    const refusal = { type: 'segments', loc: ['body', 'segments'], msg: 'No RFM segment has recency 5, frequency 4 and monetary 4.' };
    const sent: unknown[] = [];
    open('/orders/2/rfm', {
      ...rules,
      'PUT /api/v1/orders/2/rfm-rules': async (request) => {
        sent.push(await request.json());
        return sent.length === 1 ? json({ detail: [refusal] }, 422) : json(usual);
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Change the segments' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Divide Champions by money' }));
    const own = screen.getAllByLabelText('Name').at(-1) ?? document.body;
    await userEvent.clear(own);
    await userEvent.type(own, 'Best');
    await userEvent.selectOptions(screen.getByLabelText('Money of Best, from'), '5');
    await userEvent.click(screen.getByRole('button', { name: 'Save segments' }));
    expect(await screen.findByText(refusal.msg)).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText('Money of Best, from'), '4');
    await userEvent.click(screen.getByRole('button', { name: 'Save segments' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(sent).toHaveLength(3));
    const champions = { ...usual.segments[0], monetary: [1, 3] };
    expect(sent[1]).toEqual({ segments: [champions, { ...champions, name: 'Best', monetary: [4, 5] }] });
    expect(sent[2]).toEqual({ segments: null });
  });

  it('takes cut points of its owner, and puts a refusal on its figure', async () => {
    const refusal = { type: 'cut_points', loc: ['body', 'cut_points', 'frequency'], msg: 'Cut points are 4 ascending numbers.' };
    const { calls } = open('/orders/2/rfm', { ...rules, 'PUT /api/v1/orders/2/rfm-rules': () => json({ detail: [refusal] }, 422) });
    await userEvent.click(await screen.findByRole('button', { name: 'Change the cut points' }));
    const frequency = await screen.findByRole('group', { name: /^Orders/ });
    await userEvent.clear(within(frequency).getByLabelText('Score 4: up to'));
    await userEvent.type(within(frequency).getByLabelText('Score 4: up to'), '0,5');
    await userEvent.click(screen.getByRole('button', { name: 'Save cut points' }));
    expect(await within(frequency).findByText(refusal.msg)).toBeVisible();
    expect(await calls.find(({ method }) => method === 'PUT')?.json()).toEqual({ cut_points: { recency: [10, 40, 90, 200], frequency: [1, 1, 2, 0.5], monetary: [10, 20, 30, 40] } });
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
    const mover = { customer_id: 'C007', source: 'Champions', target: 'At risk', money_before: 90, money_after: 90 };
    const { calls } = open('/orders/2/movement', {
      'GET /api/v1/orders/2/migration': () => json(sample.migration),
      'GET /api/v1/orders/2/migration/customers': () => json({ customers: [mover], total: 1 }),
      'GET /api/v1/clustering/runs': () => json([sample.run]),
    });
    expect(await screen.findByText('18 of 20 customers')).toBeVisible();
    const moves = screen.getByRole('table', { name: 'Largest moves' });
    await userEvent.click(within(moves).getByRole('button', { name: /^Champions\s*to\s*At risk/ }));
    expect(await screen.findByRole('cell', { name: 'C007' })).toBeVisible();
    expect(Object.fromEntries(new URL(calls.at(-1)?.url ?? '').searchParams)).toMatchObject({ from: '2026-05-31', to: '2026-06-30', by: 'segments', source: 'Champions', target: 'At risk' });
  });

  it('is between the segments of a run where that is chosen', async () => {
    const { calls } = open('/orders/2/movement', { 'GET /api/v1/orders/2/migration': () => json(sample.migration), 'GET /api/v1/clustering/runs': () => json([sample.run]) });
    await screen.findByRole('option', { name: /^2 segments found/ });
    await userEvent.selectOptions(screen.getByLabelText('Between'), '8');
    await waitFor(() => expect(calls.some(({ url }) => new URL(url).searchParams.get('run_id') === '8')).toBe(true));
  });
});

const score = { name: 'MBG/NBD', naive: false, expected: 410.5, actual: 402, total_error: 0.021, mean_absolute_error: 0.61, decile_error: 0.08, by_decile: [[0.05, 0.04], [3, 2.9]], top_found: 0.71 };
const simple = { ...score, name: 'Orders so far', naive: true, expected: 500, total_error: 0.24 };
const winners = { total_error: 'MBG/NBD', decile_error: 'MBG/NBD', top_found: 'MBG/NBD' };
const value = {
  snapshot_id: 4, as_of: '2026-06-30', horizon_days: 365, margin: 1, discount: 0, currency: 'EUR', model: 'MBG/NBD',
  record: { made_at: '2025-12-31', until: '2026-06-30', n_customers: 700, chosen: 'MBG/NBD', best: 'MBG/NBD', scores: [score, simple], winners, money: null },
  notes: [], expected_orders: 812.4, expected_money: 41_000, money_low: 37_000, money_high: 45_000, money_rounded_to: 1000,
  segments: [{ segment: 'Champions', customers: 20, expected_orders: 320, expected_money: 17_000, money_low: 15_000, money_high: 19_000 }],
  customers: [{ customer_id: 'C007', segment: 'Champions', alive: 0.94, expected_orders: 4.1, orders_low: 1, orders_high: 8, expected_money: 205.5, money_low: 40, money_high: 420 }], total: 1,
};
const concentration = { snapshot_id: 4, as_of: '2026-06-30', currency: 'EUR', customers: 30, money: 900, gini: 0.6, top: [{ part: 0.1, customers: 3, money: 459, share_of_money: 0.51 }], curve: [[0, 0], [0.5, 0.1], [1, 1]] };

describe('the value still to come', () => {
  const answers: Answers = {
    'GET /api/v1/snapshots/4/rfm': () => json(sample.rfm),
    'GET /api/v1/snapshots/4/concentration': () => json(concentration),
    'GET /api/v1/snapshots/4/value': () => json(value),
  };

  it('comes after the record of such forecasts', async () => {
    open('/orders/2/value', answers);
    const record = await screen.findByText(/There were 402/);
    expect(record).toHaveTextContent('Closer than the simple forecasts');
    const figure = screen.getByRole('heading', { name: 'What customers will still bring' });
    expect(record.compareDocumentPosition(figure)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(screen.getByText(/37,000 to .45,000/)).toBeVisible();
  });

  it('says where a simpler forecast did better', async () => {
    const worse = { ...value, record: { ...value.record, winners: { ...winners, total_error: 'Orders so far' } } };
    open('/orders/2/value', { ...answers, 'GET /api/v1/snapshots/4/value': () => json(worse) });
    expect(await screen.findByText('A simpler forecast did better')).toBeVisible();
  });

  it('is asked for again by margin', async () => {
    const { calls } = open('/orders/2/value', answers);
    const margin = await screen.findByLabelText('Margin');
    await userEvent.clear(margin);
    await userEvent.type(margin, '40{Enter}');
    await waitFor(() => expect(calls.some(({ url }) => new URL(url).searchParams.get('margin') === '0.4')).toBe(true));
  });

  it('is refused with the reason, and the past stays', async () => {
    const refusal = { type: 'too_few_customers', loc: ['body', 'horizon'], msg: 'A forecast needs 500 customers.' };
    open('/orders/2/value', { ...answers, 'GET /api/v1/snapshots/4/value': () => json({ detail: [refusal] }, 422) });
    expect(await screen.findByText(refusal.msg)).toBeVisible();
    expect(screen.getByRole('link', { name: 'See the RFM grid' })).toHaveAttribute('href', '/orders/2/rfm?snapshot=4');
    expect(await screen.findByText('51%')).toBeVisible();
  });
});

describe('overdue customers', () => {
  it('come with what became of such customers before', async () => {
    const record = { made_at: '2026-01-01', until: '2026-06-30', flagged: 50, flagged_left: 40, others: 200, others_left: 40, found: 0.5, tells: true };
    const leaving = {
      snapshot_id: 4, as_of: '2026-06-30', currency: null, overdue_from: 2, n_customers: 30, customers_with_rhythm: 12, likely_to_leave: 1, money: 90,
      bands: [{ least: 2, most: 3, customers: 1, customers_then: 28, left_then: 17, share_left: 0.61 }], record, notes: [],
      customers: [{ customer_id: 'C007', segment: 'Champions', overdue: 2.4, recency_days: 96, median_gap_days: 40, orders: 9, money: 90, chance: 0.61 }], total: 1,
    };
    const next = { snapshot_id: 4, as_of: '2026-06-30', steps: [{ after: 1, or_later: false, waits: 30, ordered_again: 12, median_days: null, within: [], curve: [[1, 0.01], [96, 0.4]] }] };
    open('/orders/2/overdue', { 'GET /api/v1/snapshots/4/leaving': () => json(leaving), 'GET /api/v1/snapshots/4/next-order': () => json(next), 'GET /api/v1/snapshots/4/rfm': () => json(sample.rfm) });
    expect(await screen.findByText(/50 customers were overdue/)).toHaveTextContent('80% of them did not order again');
    expect(screen.getByRole('cell', { name: 'C007' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Download CSV' })).toBeEnabled();
    expect(await screen.findByText('Less than half')).toBeVisible();
  });
});

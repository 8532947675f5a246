import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { drafts } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import DatasetPage from './dataset';

const ROUTES = [{ path: '/datasets/:dataset', element: <DatasetPage /> }, { path: '/runs/:run', element: <p>the run</p> }, { path: '/orders/:orders', element: <p>the orders</p> }];
const ANSWERS = { 'GET /api/v1/jobs': () => json([]), 'GET /api/v1/datasets/1': () => json(sample.dataset), 'GET /api/v1/clustering/runs': () => json([]) };
const REFUSED = () => json({ detail: 'Could not validate credentials' }, 401);

/** The page is left, as for the sign-in, and opened again. */
async function comeBack(router: ReturnType<typeof show>) {
  await router.navigate('/runs/1');
  expect(await screen.findByText('the run')).toBeVisible();
  signIn('analyst');
  await router.navigate('/datasets/1');
}

describe('a table whose first segmentation is under way', () => {
  it('says so, with its progress, also after a reload', async () => {
    signIn('analyst');
    const job = { ...sample.training, kind: 'train', phase: 'building the tree', percent: 15 };
    serve({ ...ANSWERS, 'GET /api/v1/jobs': () => json([job]), 'GET /api/v1/jobs/5': () => json(job), 'POST /api/v1/clustering/train': () => json(job, 202) });
    const router = show(ROUTES, '/datasets/1');
    expect(await screen.findByText('None yet')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Find segments' }));
    expect(await screen.findByText('The first segmentation is running')).toBeVisible();
    await comeBack(router);
    expect(await screen.findByText('The first segmentation is running')).toBeVisible();
    expect(screen.getByText(/It will be listed here/)).toHaveTextContent('building the tree, 15%.');
    expect(screen.queryByText('None yet')).not.toBeInTheDocument();
  });
});

const doubt = (more: object) => ({ code: 'blank', message: '11 cells are blank', column: null, count: 11, line: 2, rows: [], reading: null, alternatives: [], ...more });

describe('a table that was read with doubts', () => {
  it('says so before anything is made of it', async () => {
    signIn('analyst');
    serve({ ...ANSWERS, 'GET /api/v1/datasets/1': () => json({ ...sample.dataset, warnings: [doubt({})] }) });
    show(ROUTES, '/datasets/1');
    const warning = await screen.findByText('11 cells are blank');
    const settings = screen.getByRole('heading', { name: 'Find segments' });
    expect(warning.compareDocumentPosition(settings)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    // On a phone the examples are under the name.
    expect(screen.getByText('age', { selector: 'th *, td *' }).closest('td')).toHaveTextContent('age34');
  });

  it('shows the first three, and the rest when asked', async () => {
    signIn('analyst');
    const warnings = ['one', 'two', 'three', 'four', 'five'].map((word) => doubt({ message: `Doubt ${word}` }));
    serve({ ...ANSWERS, 'GET /api/v1/datasets/1': () => json({ ...sample.dataset, warnings }) });
    show(ROUTES, '/datasets/1');
    expect(await screen.findByText('Doubt three')).toBeVisible();
    expect(screen.queryByText('Doubt four')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show 2 more' }));
    expect(screen.getByText('Doubt five')).toBeVisible();
  });

  it('is read in another way with a click, and back', async () => {
    signIn('analyst');
    const ambiguous = doubt({ code: 'ambiguous_number', message: 'age: 5 values could be read in two ways', column: 'age', reading: '1.234', alternatives: [{ reading: '1234', overrides: { decimals: { age: ',' } } }] });
    const calls = serve({
      ...ANSWERS,
      'GET /api/v1/datasets/1': () => json({ ...sample.dataset, warnings: [ambiguous] }),
      'PATCH /api/v1/datasets/1': async (request) => {
        const { decimals } = (await request.clone().json()) as { decimals: { age: string | null } };
        return json({ ...sample.dataset, preview: [{ age: decimals.age === ',' ? 1234 : 1.234 }], warnings: decimals.age === ',' ? [] : [ambiguous] });
      },
    });
    show(ROUTES, '/datasets/1');
    await userEvent.click(await screen.findByRole('button', { name: 'Read as 1234' }));
    expect(await screen.findByRole('cell', { name: '1234' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('cell', { name: '1.234' })).toBeVisible();
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ decimals: { age: ',' } }, { decimals: { age: null } }]);
  });
});

describe('lines that were set aside', () => {
  const aside = [
    { line: 1, what: 'title', text: 'Customers 2026' },
    { line: 3, what: 'blank', text: '' },
    { line: 14, what: 'total', text: 'Total 4711' },
  ];

  it('are shown with their numbers, and each can be put back', async () => {
    signIn('analyst');
    const calls = serve({
      ...ANSWERS,
      'GET /api/v1/datasets/1': () => json({ ...sample.dataset, dialect: { ...sample.dataset.dialect, header_row: 2, set_aside: aside } }),
      'PATCH /api/v1/datasets/1': () => json(sample.dataset),
    });
    show(ROUTES, '/datasets/1');
    const lines = await screen.findByRole('list', { name: 'Lines set aside' });
    expect(lines).toHaveTextContent('Line 14TotalTotal 4711');
    await userEvent.click(screen.getByRole('button', { name: 'Put line 14 back' }));
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Lines set aside' })).not.toBeInTheDocument());
    expect(await calls.find(({ method }) => method === 'PATCH')?.json()).toEqual({ skip_rows: [1, 3] });
  });

  it('can be the one with the column names', async () => {
    signIn('analyst');
    const calls = serve({
      ...ANSWERS,
      'GET /api/v1/datasets/1': () => json({ ...sample.dataset, dialect: { ...sample.dataset.dialect, header_row: 2, set_aside: aside } }),
      'PATCH /api/v1/datasets/1': () => json(sample.dataset),
    });
    show(ROUTES, '/datasets/1');
    await userEvent.click(await screen.findByRole('button', { name: 'Use line 1 as column names' }));
    expect(await calls.find(({ method }) => method === 'PATCH')?.json()).toEqual({ header_row: 1 });
  });
});

describe('a table whose rows look like orders', () => {
  const wayOn = { kind: 'orders', method: 'POST', href: '/api/v1/orders/from-dataset/1', message: 'One row is a line of an order.' };
  const lines = { ...sample.dataset, way_on: wayOn, one_row_is: 'order_line', one_row_is_because: 'customer 12 is in 40 rows with dates and amounts' };

  it('says so first, and offers both ways', async () => {
    signIn('analyst');
    const calls = serve({ ...ANSWERS, 'GET /api/v1/datasets/1': () => json(lines), 'PATCH /api/v1/datasets/1': () => json(sample.dataset) });
    show(ROUTES, '/datasets/1');
    expect(await screen.findByRole('heading', { name: 'The rows are order lines, not customers' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Group orders to customers' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Each row is a customer' }));
    await waitFor(() => expect(screen.queryByRole('heading', { name: /not customers/ })).not.toBeInTheDocument());
    expect(await calls.find(({ method }) => method === 'PATCH')?.json()).toEqual({ one_row_is: 'customer' });
  });

  it('becomes orders with one click', async () => {
    signIn('analyst');
    serve({ ...ANSWERS, 'GET /api/v1/datasets/1': () => json(lines), 'POST /api/v1/orders/from-dataset/1': () => json(sample.orders, 201) });
    const router = show(ROUTES, '/datasets/1');
    await userEvent.click(await screen.findByRole('button', { name: 'Group orders to customers' }));
    expect(await screen.findByText('the orders')).toBeVisible();
    expect(router.state.location.pathname).toBe('/orders/2');
  });

  it('is segmented once its reader says that each row is a customer', async () => {
    signIn('analyst');
    const refusal = { type: 'rows_are_not_customers', loc: ['body', 'one_row_is'], msg: 'One row is an order line, not a customer' };
    const answers = [() => json({ detail: [refusal] }, 422), () => json({ ...sample.run, run_id: 9 }, 201)];
    const calls = serve({ ...ANSWERS, 'POST /api/v1/clustering/train': () => (answers.shift() ?? REFUSED)() });
    const router = show(ROUTES, '/datasets/1');
    await userEvent.click(await screen.findByRole('button', { name: 'Find segments' }));
    expect(await screen.findByText(refusal.msg)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Group orders to customers' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Each row is a customer' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/9'));
    expect(await calls.findLast(({ method }) => method === 'POST')?.json()).toMatchObject({ algorithm: 'auto', n_clusters: 'auto', one_row_is: 'customer' });
  });
});

describe('a session that ends', () => {
  it('costs none of the settings of a segmentation', async () => {
    signIn('analyst');
    let answer = REFUSED;
    const calls = serve({ ...ANSWERS, 'POST /api/v1/clustering/train': () => answer() });
    const router = show(ROUTES, '/datasets/1');
    fireEvent.click(await screen.findByText(/^Settings/));
    await userEvent.selectOptions(screen.getByLabelText('Method'), 'hierarchical');
    await userEvent.selectOptions(screen.getByLabelText('Number of segments'), '4');
    await userEvent.selectOptions(screen.getByLabelText('Skewed numbers'), 'log');
    await userEvent.selectOptions(screen.getByLabelText('How groups are joined'), 'single');
    await userEvent.selectOptions(screen.getByLabelText('Many columns'), 'yes');
    await userEvent.click(screen.getByRole('button', { name: 'Find segments' }));
    await comeBack(router);
    expect(await screen.findByLabelText('Number of segments')).toHaveValue('4');
    expect(screen.getByLabelText('Skewed numbers')).toHaveValue('log');
    expect(screen.getByLabelText('How groups are joined')).toHaveValue('single');
    expect(screen.getByLabelText('Components')).toHaveValue(2);
    answer = () => json({ ...sample.run, run_id: 9 }, 201);
    await userEvent.click(screen.getByRole('button', { name: 'Find segments' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/9'));
    expect(await calls.findLast(({ method }) => method === 'POST')?.json()).toMatchObject({ n_clusters: 4, transform: 'log', linkage: 'single', use_pca: true });
    expect(drafts.load('run-1')).toBeNull();
  });

  it('costs no correction of how a table was read', async () => {
    signIn('analyst');
    let answer = REFUSED;
    const calls = serve({ ...ANSWERS, 'PATCH /api/v1/datasets/1': () => answer() });
    const router = show(ROUTES, '/datasets/1');
    await userEvent.selectOptions(await screen.findByLabelText('Kind of age'), 'categorical');
    await waitFor(() => expect(screen.getByLabelText('Kind of age')).toBeEnabled());
    const [column] = sample.dataset.columns;
    answer = () => json({ ...sample.dataset, columns: [{ ...column, kind: 'categorical' }] });
    await comeBack(router);
    expect(await screen.findByText('Your earlier correction was saved')).toBeVisible();
    expect(screen.getByLabelText('Kind of age')).toHaveValue('categorical');
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ kinds: { age: 'categorical' } }, { kinds: { age: 'categorical' } }]);
    expect(drafts.load('dataset-1')).toBeNull();
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Role } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import AdminPage from './admin';
import CompareRunsPage from './compare-runs';
import CustomersPage from './customers';
import DashboardPage from './dashboard';
import DatasetPage from './dataset';
import DatasetsPage from './datasets';
import HistoryPage from './history';
import HomePage from './home';
import ModelPage from './model';
import ModelsPage from './models';
import ProfilePage from './profile';
import SegmentationsPage from './segmentations';

// There is no canvas here, and a chart has nothing to say without one.
vi.mock('@/charts/engine', () => ({ default: () => null }));

type Answers = Record<string, () => Response | Promise<Response>>;
type Expectation = string | RegExp;

interface View {
  name: string;
  page: React.ReactNode;
  role?: Role;
  at?: string;
  path?: string;
  /** What the view is about: it is waited for, and its failure is told. */
  main: string;
  answers: Answers;
  full: Expectation;
  /** What the main call answers where there is nothing yet, and what is said then. */
  empty?: { answer: () => Response; says: Expectation };
}

const other = { ...sample.run, run_id: 9 };
const noJobs = { 'GET /api/v1/jobs': () => json([]) };

const VIEWS: View[] = [
  { name: 'the first page', page: <HomePage />, main: 'GET /api/v1/example', answers: { 'GET /api/v1/example': () => json(sample.example) }, full: 'Loyal Customers' },
  {
    name: 'the dashboard’s segments',
    page: <DashboardPage />,
    role: 'analyst',
    main: 'GET /clusters',
    answers: {
      ...noJobs,
      'GET /api/v1/segmentations': () => json([sample.core]),
      'GET /clusters': () => json(sample.clusters),
      'GET /elbow': () => json(sample.elbow),
      'GET /history': () => json({ history: [sample.historyRow], total: 1 }),
      'GET /api/v1/models/1/points': () => json(sample.points),
      'GET /api/v1/models/1/drift': () => json(sample.drift),
    },
    full: /400 customers/,
    empty: { answer: () => json({ detail: 'Model not trained. Please train the model first' }, 400), says: 'No model has been trained yet' },
  },
  {
    name: 'the history',
    page: <HistoryPage />,
    main: 'GET /history',
    answers: { 'GET /clusters': () => json(sample.clusters), 'GET /history': () => json({ history: [sample.historyRow], total: 1 }) },
    full: '1 prediction',
    empty: { answer: () => json({ history: [], total: 0 }), says: 'No predictions yet' },
  },
  {
    name: 'the saved customers',
    page: <CustomersPage />,
    main: 'GET /profiles/',
    answers: { 'GET /profiles/': () => json([sample.profile], 200, { 'X-Total-Count': '1' }) },
    full: 'Corner shop',
    empty: { answer: () => json([], 200, { 'X-Total-Count': '0' }), says: 'No customers yet' },
  },
  {
    name: 'the tables',
    page: <DatasetsPage />,
    role: 'analyst',
    main: 'GET /api/v1/datasets',
    answers: { ...noJobs, 'GET /api/v1/datasets': () => json([sample.dataset]) },
    full: '1 table',
    empty: { answer: () => json([]), says: 'No tables yet' },
  },
  {
    name: 'the segmentations',
    page: <SegmentationsPage />,
    main: 'GET /api/v1/segmentations',
    answers: { ...noJobs, 'GET /api/v1/segmentations': () => json([sample.segmentation]) },
    full: 'Shop customers',
    empty: { answer: () => json([]), says: 'No segmentations yet' },
  },
  {
    name: 'a table',
    page: <DatasetPage />,
    role: 'analyst',
    path: '/datasets/:dataset',
    at: '/datasets/1',
    main: 'GET /api/v1/datasets/1',
    answers: { ...noJobs, 'GET /api/v1/datasets/1': () => json(sample.dataset), 'GET /api/v1/clustering/runs': () => json([]) },
    full: 'How it was read',
  },
  {
    name: 'a table’s segmentations',
    page: <DatasetPage />,
    role: 'analyst',
    path: '/datasets/:dataset',
    at: '/datasets/1',
    main: 'GET /api/v1/clustering/runs',
    answers: { ...noJobs, 'GET /api/v1/datasets/1': () => json(sample.dataset), 'GET /api/v1/clustering/runs': () => json([sample.run]) },
    full: '2 segments, K-Means',
    empty: { answer: () => json([]), says: 'None yet' },
  },
  {
    name: 'two segmentations',
    page: <CompareRunsPage />,
    at: '/?a=8&b=9',
    main: 'GET /api/v1/clustering/runs',
    answers: { 'GET /api/v1/clustering/runs': () => json([other, sample.run]), 'GET /api/v1/clustering/runs/9/compare': () => json(sample.runComparison) },
    full: '5 of 60 customers (8%) are in another segment.',
    empty: { answer: () => json([sample.run]), says: 'Nothing to compare yet' },
  },
  {
    name: 'who is in another segment',
    page: <CompareRunsPage />,
    at: '/?a=8&b=9',
    main: 'GET /api/v1/clustering/runs/9/compare',
    answers: { 'GET /api/v1/clustering/runs': () => json([other, sample.run]), 'GET /api/v1/clustering/runs/9/compare': () => json(sample.runComparison) },
    full: 'They group most customers the same way.',
  },
  {
    name: 'the model versions',
    page: <ModelsPage />,
    role: 'analyst',
    main: 'GET /api/v1/models',
    answers: { ...noJobs, 'GET /api/v1/models': () => json({ models: [sample.model], total: 1 }) },
    full: 'Version 1',
    empty: { answer: () => json({ models: [], total: 0 }), says: 'No model yet' },
  },
  {
    name: 'a model version',
    page: <ModelPage />,
    role: 'analyst',
    path: '/models/:version',
    at: '/models/1',
    main: 'GET /api/v1/models/1',
    answers: { 'GET /api/v1/models': () => json({ models: [sample.model], total: 1 }), 'GET /api/v1/models/1': () => json(sample.model), 'GET /api/v1/models/1/drift': () => json(sample.drift) },
    full: 'Its segments',
  },
  {
    name: 'the drift of a version',
    page: <ModelPage />,
    role: 'analyst',
    path: '/models/:version',
    at: '/models/1',
    main: 'GET /api/v1/models/1/drift',
    answers: { 'GET /api/v1/models': () => json({ models: [sample.model], total: 1 }), 'GET /api/v1/models/1': () => json(sample.model), 'GET /api/v1/models/1/drift': () => json({ ...sample.drift, verdict: 'stable' }) },
    full: 'Stable',
    empty: { answer: () => json(sample.drift), says: 'Not enough predictions' },
  },
  {
    name: 'the users',
    page: <AdminPage />,
    role: 'admin',
    main: 'GET /admin/users',
    answers: { 'GET /admin/users': () => json({ users: [sample.user], total: 1, total_predictions: 0, total_profiles: 0 }), 'GET /clusters': () => json(sample.clusters) },
    full: 'paul@example.com',
    empty: { answer: () => json({ users: [], total: 0, total_predictions: 0, total_profiles: 0 }), says: /^No users/ },
  },
  {
    name: 'the statistics',
    page: <AdminPage />,
    role: 'admin',
    at: '/?view=statistics',
    main: 'GET /admin/stats',
    answers: { 'GET /admin/stats': () => json(sample.statistics), 'GET /clusters': () => json(sample.clusters) },
    full: 'Loyal Customers',
    empty: { answer: () => json({ ...sample.statistics, segments: [] }), says: 'No predictions yet' },
  },
  { name: 'one’s own account', page: <ProfilePage />, main: 'GET /users/me/profile', answers: { 'GET /users/me/profile': () => json(sample.account) }, full: '1,234' },
];

function open(view: View, main?: Answers[string]) {
  signIn(view.role);
  const calls = serve({ ...view.answers, ...(main ? { [view.main]: main } : {}) });
  show([{ path: view.path ?? '/', element: view.page }], view.at ?? '/');
  return calls;
}

const seen = async (text: Expectation): Promise<void> => expect((await screen.findAllByText(text)).length).toBeGreaterThan(0);

describe.each(VIEWS)('$name', (view) => {
  it('shows its layout while it loads, and no more', async () => {
    open(view, () => new Promise<Response>(() => undefined));
    await waitFor(() => expect(screen.getAllByText('Loading').length).toBeGreaterThan(0));
    expect(screen.queryAllByText(view.full)).toEqual([]);
  });

  it('says what went wrong, and is whole once it is tried again', async () => {
    let broken = true;
    open(view, () => (broken ? json({ detail: 'The database is not available' }, 503) : (view.answers[view.main]?.() ?? json(null))));
    await seen('The database is not available');
    broken = false;
    for (const button of screen.getAllByRole('button', { name: 'Try again' })) await userEvent.click(button);
    await seen(view.full);
    expect(screen.queryByText('The database is not available')).not.toBeInTheDocument();
  });
});

describe.each(VIEWS.flatMap((view) => (view.empty ? [{ ...view, empty: view.empty }] : [])))('$name, empty', (view) => {
  it('says what will be there', async () => {
    open(view, view.empty.answer);
    await seen(view.empty.says);
    expect(screen.queryByText('This could not be loaded')).not.toBeInTheDocument();
  });
});

describe('the history', () => {
  it('leads to the first prediction where there is none', async () => {
    signIn();
    serve({ 'GET /clusters': () => json(sample.clusters), 'GET /history': () => json({ history: [], total: 0 }) });
    show([{ path: '/', element: <HistoryPage /> }, { path: '/dashboard', element: <p>the dashboard</p> }]);
    await userEvent.click(await screen.findByRole('link', { name: 'Predict a segment' }));
    expect(screen.getByText('the dashboard')).toBeVisible();
  });

  it('asks the server for what the address says, fifty at a time', async () => {
    signIn();
    const calls = serve({ 'GET /clusters': () => json(sample.clusters), 'GET /history': () => json({ history: [sample.historyRow], total: 120 }) });
    show([{ path: '/', element: <HistoryPage /> }], '/?min=60&segment=2&from=nonsense');
    await screen.findByText('1–50 of 120');
    expect(screen.getByRole('button', { name: 'Previous page' })).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await expect.poll(() => calls.filter(({ url }) => url.includes('skip=50')).length).toBe(1);
    expect(screen.getByRole('button', { name: 'Previous page' })).not.toHaveAttribute('aria-disabled');
    const asked = new URL(calls.find(({ url }) => url.includes('skip=50'))?.url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toEqual({ min_confidence: '60', cluster: '2', skip: '50', limit: '50' });
    await userEvent.click(screen.getByRole('button', { name: 'Confidence' }));
    await expect.poll(() => calls.filter(({ url }) => url.includes('sort=confidence&descending=true')).length).toBe(1);
    expect(screen.getByRole('columnheader', { name: 'Confidence' })).toHaveAttribute('aria-sort', 'descending');
  });
});

describe('filters that contradict each other', () => {
  it.each([
    { name: 'days', at: '/?from=2026-03-02&to=2026-03-01', field: 'To', says: 'The end date is before the start date', others: ['From', 'Confidence to'] },
    { name: 'confidences', at: '/?min=80&max=60', field: 'Confidence to', says: 'The highest confidence is below the lowest', others: ['To', 'Confidence from'] },
  ])('are told beside the field: $name', async ({ at, field, says, others }) => {
    signIn();
    serve({ 'GET /clusters': () => json(sample.clusters), 'GET /history': () => json({ history: [], total: 0 }) });
    show([{ path: '/', element: <HistoryPage /> }], at);
    expect(await screen.findByText(`${says}.`)).toBeVisible();
    expect(screen.getByLabelText(field)).toHaveAccessibleDescription(says);
    for (const other of others) expect(screen.getByLabelText(other)).not.toHaveAttribute('aria-invalid');
  });

  it('are not told while they are typed, nor where they agree', async () => {
    signIn();
    serve({ 'GET /clusters': () => json(sample.clusters), 'GET /history': () => json({ history: [], total: 0 }) });
    show([{ path: '/', element: <HistoryPage /> }], '/?min=60&from=2026-03-01&to=2026-03-01');
    const most = screen.getByLabelText('Confidence to');
    await userEvent.type(most, '7');
    expect(most).toBeValid();
    await userEvent.tab();
    expect(most).toBeInvalid();
    await userEvent.type(most, '5');
    await userEvent.tab();
    expect(most).toBeValid();
    expect(screen.getByLabelText('To')).toBeValid();
  });
});

describe('saved customers', () => {
  const { profile } = sample;

  it('say what a prediction still needs', async () => {
    signIn();
    serve({ 'GET /profiles/': () => json([profile]) });
    show([{ path: '/', element: <CustomersPage /> }]);
    const button = await screen.findByRole('button', { name: 'Predict Corner shop' });
    expect(button).toBeDisabled();
    expect(screen.getByText('Missing: annual income')).toBeVisible();
  });

  it('keep what was typed where the form is closed, until it is cancelled', async () => {
    signIn();
    serve({ 'GET /profiles/': () => json([profile], 200, { 'X-Total-Count': '1' }) });
    show([{ path: '/', element: <CustomersPage /> }]);
    const open = async () => userEvent.click(await screen.findByText('Corner shop'));
    const name = () => screen.getByLabelText('Name');
    const told = () => screen.queryByText('We restored your unsaved changes. Cancel discards them.');
    await open();
    expect(told()).not.toBeInTheDocument();
    await userEvent.type(name(), ' 2{Escape}');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await open();
    expect(name()).toHaveValue('Corner shop 2');
    expect(told()).toBeVisible();
    await userEvent.click(screen.getByText('Cancel'));
    await open();
    expect(name()).toHaveValue('Corner shop');
    expect(told()).not.toBeInTheDocument();
  });

  it('are all searched, from the first page on', async () => {
    signIn();
    const calls = serve({ 'GET /profiles/': () => json([profile], 200, { 'X-Total-Count': '120' }) });
    show([{ path: '/', element: <CustomersPage /> }]);
    await screen.findByText('1–50 of 120');
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await userEvent.type(screen.getByLabelText('Search'), 'tea');
    await expect.poll(() => calls.some(({ url }) => url.includes('search=tea'))).toBe(true);
    const asked = new URL(calls.at(-1)?.url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toEqual({ search: 'tea', skip: '0', limit: '50' });
  });

  it('are all ordered, from the first page on', async () => {
    signIn();
    const calls = serve({ 'GET /profiles/': () => json([profile], 200, { 'X-Total-Count': '120' }) });
    show([{ path: '/', element: <CustomersPage /> }]);
    await screen.findByText('1–50 of 120');
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await userEvent.click(screen.getByRole('button', { name: 'Income' }));
    await expect.poll(() => calls.some(({ url }) => url.includes('sort='))).toBe(true);
    const asked = new URL(calls.at(-1)?.url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toEqual({ sort: 'annual_income', descending: 'true', skip: '0', limit: '50' });
    expect(screen.getByRole('columnheader', { name: 'Income' })).toHaveAttribute('aria-sort', 'descending');
  });

  it('are shown as the address says, and lead back from past their end', async () => {
    signIn();
    const calls = serve({ 'GET /profiles/': ({ url }) => json(url.includes('skip=150') ? [] : [profile], 200, { 'X-Total-Count': '120' }) });
    show([{ path: '/', element: <CustomersPage /> }], '/?skip=150&sort=-age&search=tea');
    await userEvent.click(await screen.findByRole('button', { name: 'First page' }));
    expect(await screen.findByText('Corner shop')).toBeVisible();
    const asked = new URL(calls.at(-1)?.url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toEqual({ search: 'tea', sort: 'age', descending: 'true', skip: '0', limit: '50' });
  });

  it('come back as they were by undo', async () => {
    signIn();
    let rows = [profile];
    const calls = serve({
      'GET /profiles/': () => json(rows),
      'DELETE /profiles/3': () => {
        rows = [];
        return json({ message: 'Profile deleted successfully' });
      },
      'POST /profiles/': () => json(profile, 201),
    });
    show([{ path: '/', element: <CustomersPage /> }]);
    await userEvent.click(await screen.findByRole('button', { name: 'More for Corner shop' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await expect.poll(() => calls.some(({ method }) => method === 'POST')).toBe(true);
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toMatchObject({ name: 'Corner shop', age: 40, annual_income: null });
  });
});

describe('a training', () => {
  const versions = { 'GET /api/v1/models': () => json({ models: [], total: 0 }) };
  const page = [{ path: '/', element: <ModelsPage /> }, { path: '/models/:version', element: <p>the new version</p> }];

  it('tells its phase and how far it is, and leads to what it made', async () => {
    signIn('analyst');
    let job = { ...sample.training, phase: 'trying numbers of segments, 4 of 9', percent: 38 };
    const calls = serve({ ...versions, ...noJobs, 'POST /train': () => json(job, 202), 'GET /api/v1/jobs/5': () => json(job) });
    show(page);
    await userEvent.click((await screen.findAllByRole('button', { name: 'Train a new model' }))[0] ?? document.body);
    await userEvent.click(screen.getByRole('button', { name: 'Train model' }));
    expect(await screen.findByText('38%')).toBeVisible();
    expect(screen.getByRole('progressbar', { name: 'trying numbers of segments, 4 of 9' })).toHaveValue(38);
    expect(calls.find(({ method }) => method === 'POST')?.headers.get('Prefer')).toBe('respond-async');
    job = { ...job, state: 'succeeded', percent: 100, result: { version: 2 } };
    expect(await screen.findByText('the new version')).toBeVisible();
  });

  it('says why it failed, and can be asked for again', async () => {
    signIn('analyst');
    const failed = { ...sample.training, state: 'failed' as const, error: 'There is no data/customers.csv' };
    serve({ ...versions, ...noJobs, 'POST /train': () => json(sample.training, 202), 'GET /api/v1/jobs/5': () => json(failed) });
    show(page);
    await userEvent.click((await screen.findAllByRole('button', { name: 'Train a new model' }))[0] ?? document.body);
    await userEvent.click(screen.getByRole('button', { name: 'Train model' }));
    expect(await screen.findByText('There is no data/customers.csv')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Train model' })).toBeEnabled();
  });

  it('that nobody waits for is found again, and says where it led', async () => {
    signIn('analyst');
    let job = sample.training;
    serve({ ...versions, 'GET /api/v1/jobs': () => json([job]), 'GET /api/v1/jobs/5': () => json(job) });
    show(page);
    expect(await screen.findByText('Training a model: reading the customers')).toBeVisible();
    job = { ...job, state: 'succeeded', result: { version: 2 } };
    await userEvent.click(await screen.findByRole('link', { name: 'See what would change' }));
    expect(screen.getByText('the new version')).toBeVisible();
  });
});

describe('a model version', () => {
  it('says in plain words what to doubt, and what was filled in', async () => {
    signIn('analyst');
    const doubtful = { ...sample.model, warnings: ['annual_income is blank in 33% of the rows and was filled by its median.'], imputed: { annual_income: 132, age: 1 } };
    serve({ 'GET /api/v1/models': () => json({ models: [sample.model], total: 1 }), 'GET /api/v1/models/1': () => json(doubtful), 'GET /api/v1/models/1/drift': () => json(sample.drift) });
    show([{ path: '/models/:version', element: <ModelPage /> }], '/models/1');
    expect(await screen.findByText('Annual income is blank in 33% of the rows and was filled by its median.')).toBeVisible();
    expect(screen.getByText('1 customer without age: filled with the median of the other customers.')).toBeVisible();
    expect(screen.getByText('132 customers without annual income: filled with the median of the other customers.')).toBeVisible();
  });

  const answers = { 'GET /api/v1/models': () => json({ models: [sample.model], total: 1 }), 'GET /api/v1/models/1/drift': () => json(sample.drift) };
  const routes = [{ path: '/models/:version', element: <ModelPage /> }];
  const check = { name: 'Check whether the segments are real' };

  it('is checked when it is asked for, and waits in words', async () => {
    signIn('analyst');
    let answer: (response: Response) => void = () => undefined;
    serve({ ...answers, 'GET /api/v1/models/1': ({ url }) => (url.includes('validate=true') ? new Promise<Response>((resolve) => (answer = resolve)) : json(sample.model)) });
    show(routes, '/models/1');
    await userEvent.click(await screen.findByRole('button', check));
    expect(await screen.findByText(/Resampling the customers/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Checking' })).toBeDisabled();
    answer(json({ ...sample.model, validation: sample.validation }));
    expect(await screen.findByText('Real groups')).toBeVisible();
    const [segment] = within(screen.getByRole('list', { name: 'How stable each segment is' })).getAllByRole('listitem');
    expect(segment).toHaveTextContent('Loyal Customers');
    expect(segment).toHaveTextContent('This segment comes back almost unchanged.');
    expect(screen.queryByRole('button', check)).not.toBeInTheDocument();
  });

  it('that could not be checked says why, and can be checked again', async () => {
    signIn('analyst');
    let broken = true;
    serve({
      ...answers,
      'GET /api/v1/models/1': ({ url }) => (!url.includes('validate=true') ? json(sample.model) : broken ? json({ detail: 'The table is away' }, 503) : json({ ...sample.model, validation: sample.validation })),
    });
    show(routes, '/models/1');
    await userEvent.click(await screen.findByRole('button', check));
    expect(await screen.findByText('The table is away')).toBeVisible();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Real groups')).toBeVisible();
  });

  it('gives a segment that is gone and a new one marks of their own', async () => {
    signIn('analyst');
    const rows = ['Loyal', 'Gone away'];
    const columns = ['Loyal', 'Newly found'];
    const moves = { n_customers: 0, n_moved: 0, share_moved: 0, rows, columns, matrix: [[0, 0], [0, 0]], sentence: 'Nobody moves.' };
    const segments = [
      { change: 'kept' as const, old_id: 0, old_name: 'Loyal', new_id: 0, new_name: 'Loyal', overlap: 1 },
      { change: 'new' as const, old_id: null, old_name: null, new_id: 1, new_name: 'Newly found', overlap: null },
      { change: 'gone' as const, old_id: 1, old_name: 'Gone away', new_id: null, new_name: null, overlap: null },
    ];
    const comparison = { version: 2, against: 1, summary: 'Some change.', segments, training: moves, history: moves, customers_moved: { ...moves, n_joined: 0, n_left: 0 }, borders_moved: moves };
    const candidate = { ...sample.model, version: 2, is_active: false };
    serve({ 'GET /api/v1/models': () => json({ models: [candidate, sample.model], total: 2 }), 'GET /api/v1/models/2': () => json(candidate), 'GET /api/v1/models/2/drift': () => json(sample.drift), 'GET /api/v1/models/2/compare': () => json(comparison) });
    show(routes, '/models/2');
    await screen.findByText('Some change.');
    const markOf = (name: string) => screen.getByText(name).closest('li')?.querySelector('svg')?.getAttribute('fill');
    expect(markOf('Newly found')).toBe('var(--segment-1)');
    expect(markOf('Gone away')).toBe('var(--segment-2)');
  });

  it('is rolled back to where it is older than the one in use, and activated otherwise', async () => {
    signIn('analyst');
    const models = [4, 3, 2, 1].map((version) => ({ ...sample.model, version, is_active: version === 2, activated_at: version === 4 ? null : sample.model.activated_at }));
    serve({ ...noJobs, 'GET /api/v1/models': () => json({ models, total: 4 }) });
    show([{ path: '/models', element: <ModelsPage /> }], '/models');
    await screen.findByText('Version 4');
    const actions = screen.getAllByRole('button', { name: /version \d$/ }).map((button) => button.getAttribute('aria-label'));
    expect(actions).toEqual(['Activate: version 4', 'Activate: version 3', 'Roll back: version 1']);
  });

  it('names columns in its drift as the form does', async () => {
    signIn('analyst');
    const feature = { feature: 'annual_income', population_stability_index: 0.3, index_by_chance: 0.03, p_value: 0.001, drift: 'large' as const, training_mean: 67.5, recent_mean: 72.8 };
    serve({ ...answers, 'GET /api/v1/models/1': () => json(sample.model), 'GET /api/v1/models/1/drift': () => json({ ...sample.drift, verdict: 'retrain', features: [feature] }) });
    show(routes, '/models/1');
    expect(await screen.findByRole('row', { name: 'Annual income 67.5k 72.8k large' })).toBeVisible();
  });
});

describe('two segmentations', () => {
  it('have one colour and one order for a segment that is in both', async () => {
    signIn();
    const second = { ...other, n_clusters: 3, cluster_names: ['Younger', 'New ones', 'Older'], cluster_sizes: [20, 10, 30] };
    const segments = [
      { change: 'kept' as const, old_id: 0, old_name: 'Older', new_id: 2, new_name: 'Older', overlap: 0.75 },
      { change: 'kept' as const, old_id: 1, old_name: 'Younger', new_id: 0, new_name: 'Younger', overlap: 1 },
      { change: 'new' as const, old_id: null, old_name: null, new_id: 1, new_name: 'New ones', overlap: null },
    ];
    const comparison = { ...sample.runComparison, rows: ['Older', 'Younger'], columns: second.cluster_names, matrix: [[0, 10, 30], [20, 0, 0]], segments };
    serve({ 'GET /api/v1/clustering/runs': () => json([second, sample.run]), 'GET /api/v1/clustering/runs/9/compare': () => json(comparison) });
    show([{ path: '/', element: <CompareRunsPage /> }], '/?a=8&b=9');
    const matrix = await screen.findByRole('table');
    const marked = (element: Element) => [element.textContent.replace(/[\d%\s]+$/, ''), element.querySelector('svg')?.getAttribute('fill')];
    const both = [['Older', 'var(--segment-0)'], ['Younger', 'var(--segment-1)']];
    const all = [...both, ['New ones', 'var(--segment-2)']];
    expect(within(matrix).getAllByRole('rowheader').map(marked)).toEqual(both);
    expect(within(matrix).getAllByRole('columnheader').slice(1, -1).map(marked)).toEqual(all);
    expect(within(matrix).getByRole('row', { name: 'Older 30 0 10 40' })).toBeVisible();
    const bars = screen.getByRole('heading', { name: /^Second: 3 segments/ }).closest('section') ?? document.body;
    expect(within(bars).getAllByRole('listitem').map(marked)).toEqual(all);
    expect(within(bars).getByText(/use the first segmentation’s colour here/)).toBeVisible();
    expect(screen.getByText(/was not checked for both/)).toBeVisible();
  });
});

describe('two cuts of one tree', () => {
  const whole = { old_id: 0, old_name: 'Older', overlap: 0.5 };
  const second = { ...other, n_clusters: 3, cluster_names: ['Younger', 'Old', 'Oldest'], cluster_sizes: [20, 15, 25] };
  const segments = [
    { ...whole, change: 'split' as const, new_id: 2, new_name: 'Oldest' },
    { ...whole, change: 'split' as const, new_id: 1, new_name: 'Old' },
    { change: 'kept' as const, old_id: 1, old_name: 'Younger', new_id: 0, new_name: 'Younger', overlap: 1 },
  ];
  const comparison = { ...sample.runComparison, n_moved: 0, refinement: 'split' as const, sentence: '2 segments are split into 3, and nobody goes elsewhere.', rows: ['Older', 'Younger'], columns: second.cluster_names, matrix: [[0, 15, 25], [20, 0, 0]], segments };

  it('are told as one that divides the other, and nobody as moved', async () => {
    signIn();
    serve({ 'GET /api/v1/clustering/runs': () => json([second, sample.run]), 'GET /api/v1/clustering/runs/9/compare': () => json(comparison) });
    show([{ path: '/', element: <CompareRunsPage /> }], '/?a=8&b=9');
    expect(await screen.findByText(comparison.sentence)).toBeVisible();
    expect(screen.getByText(/^The second is finer/)).toBeVisible();
    const [older, oldest, old, younger] = within(screen.getByRole('list', { name: 'How each segment is split' })).getAllByRole('listitem');
    expect(older).toHaveTextContent('OlderOldest25Old15');
    expect(younger).toHaveTextContent('Youngeris not split');
    const colours = [older, oldest, old, younger].map((item) => item?.querySelector('svg')?.getAttribute('fill'));
    expect(colours).toEqual(['var(--segment-0)', 'var(--segment-0)', 'var(--segment-2)', 'var(--segment-1)']);
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('are told with those who go elsewhere, beside the parts of their segment', async () => {
    signIn();
    const strayed = { ...comparison, n_moved: 1, matrix: [[1, 15, 24], [20, 0, 0]] };
    serve({ 'GET /api/v1/clustering/runs': () => json([second, sample.run]), 'GET /api/v1/clustering/runs/9/compare': () => json(strayed) });
    show([{ path: '/', element: <CompareRunsPage /> }], '/?a=8&b=9');
    expect(await screen.findByText(/^Highlighted:/)).toBeVisible();
    expect(within(screen.getByRole('table')).getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(['From ↓ to →', 'Oldest', 'Old', 'Younger', 'Total']);
    expect(within(screen.getByRole('row', { name: 'Older 24 15 1 40' })).getByRole('cell', { name: '1' })).toHaveClass('bg-warn-soft');
  });
});

describe('the segmentations', () => {
  it('are searched, narrowed and ordered by the server, as the address says', async () => {
    signIn();
    const calls = serve({ ...noJobs, 'GET /api/v1/segmentations': () => json([sample.segmentation], 200, { 'X-Total-Count': '60' }) });
    const router = show([{ path: '/', element: <SegmentationsPage /> }], '/?search=shop');
    expect(await screen.findByText('60 segmentations found')).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText('Order'), 'Most segments');
    await userEvent.selectOptions(screen.getByLabelText('Shown'), 'Shared with the team');
    await userEvent.click(await screen.findByRole('button', { name: 'Next page' }));
    await expect.poll(() => Object.fromEntries(new URL(calls.at(-1)?.url ?? '').searchParams)).toEqual({ q: 'shop', sort: 'n_segments', visibility: 'team', skip: '25', limit: '25' });
    expect(router.state.location.search).toBe('?search=shop&sort=n_segments&visibility=team&skip=25');
  });
});

describe('the tables', () => {
  it('are files of one’s own for those who keep no datasets, and say for how long', async () => {
    signIn('user');
    serve({ ...noJobs, 'GET /api/v1/files': () => json([sample.dataset]), 'GET /api/v1/files/limits': () => json(sample.fileLimits) });
    show([{ path: '/', element: <DatasetsPage /> }]);
    expect(await screen.findByRole('link', { name: sample.dataset.filename })).toBeVisible();
    expect(await screen.findByText(/both are deleted after 30 days/)).toBeVisible();
  });

  it('are found by their names, and ordered, as the address says', async () => {
    signIn('analyst');
    const tables = ['shop.csv', 'Kunden 2025.xlsx', 'kunden.csv'].map((filename, index) => ({ ...sample.dataset, id: index + 1, filename, n_rows: 10 * (index + 1) }));
    serve({ ...noJobs, 'GET /api/v1/datasets': () => json(tables) });
    const router = show([{ path: '/', element: <DatasetsPage /> }], '/?search=kunden');
    expect(await screen.findByText('2 tables found')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Rows' }));
    const names = () => within(screen.getByRole('table', { name: 'Tables' })).getAllByRole('link').map(({ textContent }) => textContent);
    expect(names()).toEqual(['kunden.csv', 'Kunden 2025.xlsx']);
    expect(router.state.location.search).toBe('?search=kunden&sort=-rows');
    await userEvent.clear(screen.getByLabelText('Search'));
    expect(await screen.findByText('3 tables')).toBeVisible();
  });

  it('are deleted by typing their name', async () => {
    signIn('analyst');
    let tables = [sample.dataset];
    serve({
      ...noJobs,
      'GET /api/v1/datasets': () => json(tables),
      'DELETE /api/v1/datasets/1': () => {
        tables = [];
        return json({ message: 'Deleted' });
      },
    });
    show([{ path: '/', element: <DatasetsPage /> }]);
    await userEvent.click(await screen.findByRole('button', { name: 'More for shop.csv' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(screen.getByRole('button', { name: 'Delete table' })).toBeDisabled();
    await userEvent.type(screen.getByLabelText('Type shop.csv to confirm'), 'shop.csv');
    await userEvent.click(screen.getByRole('button', { name: 'Delete table' }));
    expect(await screen.findByText('No tables yet')).toBeVisible();
  });
});

describe('the users', () => {
  it('say beside a role why it cannot be changed', async () => {
    signIn('admin');
    const users = [{ ...sample.user, id: 1, username: 'maria', role: 'admin' }, { ...sample.user, role: 'admin' }];
    serve({ 'GET /admin/users': ({ url }) => json({ users, total: url.includes('role=admin') ? 1 : 2, total_predictions: 0, total_profiles: 0 }), 'GET /clusters': () => json(sample.clusters) });
    show([{ path: '/', element: <AdminPage /> }]);
    const own = await screen.findByLabelText('Role of maria');
    expect(own).toBeDisabled();
    await waitFor(() => expect(own).toHaveAccessibleDescription('This is your own account'));
    expect(screen.getByLabelText('Role of paul')).toHaveAccessibleDescription('This is the last active administrator');
  });
});

describe('an address of nothing', () => {
  it.each([
    { page: <DatasetPage />, path: '/datasets/:dataset', at: '/datasets/99', asks: 'GET /api/v1/datasets/99', status: 404, says: 'This table does not exist', list: 'All tables' },
    { page: <DatasetPage />, path: '/datasets/:dataset', at: '/datasets/x', asks: 'GET /api/v1/datasets/NaN', status: 422, says: 'This table does not exist', list: 'All tables' },
    { page: <ModelPage />, path: '/models/:version', at: '/models/99', asks: 'GET /api/v1/models/99', status: 404, says: 'This version does not exist', list: 'All versions' },
  ])('offers the list and nothing to try again: $at', async ({ page, path, at, asks, status, says, list }) => {
    signIn('analyst');
    const nothing = () => json({ detail: 'Not found' }, 404);
    serve({ ...noJobs, 'GET /api/v1/clustering/runs': () => json([]), 'GET /api/v1/models': () => json({ models: [], total: 0 }), 'GET /api/v1/models/99/drift': nothing, [asks]: () => (status === 200 ? json([]) : json({ detail: 'Not found' }, status)) });
    show([{ path, element: page }, { path: '*', element: <p>the list</p> }], at);
    expect(await screen.findByText(says)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('link', { name: list }));
    expect(await screen.findByText('the list')).toBeVisible();
  });
});

describe('the statistics', () => {
  it('draw no empty chart where nothing was predicted lately', async () => {
    signIn('admin');
    serve({ 'GET /admin/stats': () => json({ ...sample.statistics, predictions_per_day: [{ date: '2026-01-01', predictions: 0 }] }), 'GET /clusters': () => json(sample.clusters) });
    show([{ path: '/', element: <AdminPage /> }], '/?view=statistics');
    expect(await screen.findByText('No predictions in the last 30 days')).toBeVisible();
    expect(screen.getByText('Loyal Customers')).toBeVisible();
  });
});

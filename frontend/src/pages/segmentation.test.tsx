import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import RunPage from './run';
import SegmentationPage from './segmentation';
import CustomerPage from './segmentation/customer';
import CustomersPage from './segmentation/customers';
import OverviewPage from './segmentation/overview';
import PlacePage from './segmentation/place';
import SegmentPage from './segmentation/segment';
import UsefulnessPage from './segmentation/usefulness';
import VersionsPage from './segmentation/versions';

// There is no canvas here, and a chart has nothing to say without one.
vi.mock('@/charts/engine', () => ({ default: () => null }));

const ROUTES = [
  {
    path: '/segmentations/:segmentation',
    element: <SegmentationPage />,
    children: [
      { index: true, element: <OverviewPage /> },
      { path: 'segments/:segment', element: <SegmentPage /> },
      { path: 'customers', element: <CustomersPage /> },
      { path: 'customers/:customer', element: <CustomerPage /> },
      { path: 'usefulness', element: <UsefulnessPage /> },
      { path: 'versions', element: <VersionsPage /> },
      { path: 'place', element: <PlacePage /> },
    ],
  },
  { path: '/segmentations', element: <p>the list</p> },
  { path: '/runs/:run', element: <RunPage /> },
];
const at = (n_clusters: number) => sample.cutOf(n_clusters);

const AT = '/segmentations/3';

/** A segmentation of a tree; what a preview was asked for is in the calls. */
function open(address = AT, answers: Parameters<typeof serve>[0] = {}) {
  const calls = serve({
    'GET /api/v1/segmentations/3': () => json(sample.segmentation),
    'GET /api/v1/segmentations/3/drift': () => json(sample.drift),
    'GET /api/v1/segmentations/3/insights': () => json(sample.insights),
    'GET /api/v1/segmentations/3/columns': () => json(sample.chartedColumns),
    'GET /api/v1/segmentations/3/distribution': (request) => json(new URL(request.url).searchParams.get('column') === 'churned' ? sample.byChurn : sample.byAge),
    'GET /api/v1/segmentations/3/points': () => json(sample.ageByVisits),
    'GET /api/v1/segmentations/3/usefulness': () => json(sample.usefulness),
    'GET /api/v1/segmentations/3/versions': () => json([sample.version]),
    'GET /api/v1/clustering/runs': () => json([sample.treeRun]),
    'GET /api/v1/clustering/segments/8': () => json(sample.segments),
    'GET /api/v1/clustering/projection/8': () => json(sample.projection),
    'GET /api/v1/clustering/dendrogram/8': () => json(sample.dendrogram),
    'POST /api/v1/clustering/runs/8/cut': async (request) => json(at(((await request.json()) as { n_clusters: number }).n_clusters)),
    ...answers,
  });
  const router = show(ROUTES, address);
  return { calls, router };
}

const cards = () => within(screen.getByRole('region', { name: /what sets each one apart/ }));
const marked = (list: HTMLElement) => within(list).getAllByRole('listitem').map((item) => [item.textContent.replace(/\d+$/, ''), item.querySelector('svg')?.getAttribute('fill')]);
const NOTE = 'From the saved segmentation with 2 segments';

describe('the slider that cuts the tree', () => {
  it('shows another cut in the tree at once, then in the cards and on the plane, in the same colours', async () => {
    signIn('analyst');
    const { calls, router } = open();
    const slider = await screen.findByRole('slider', { name: 'Cut into 2 segments' });
    await waitFor(() => expect(slider).toBeEnabled());
    expect(screen.queryByText(NOTE)).not.toBeInTheDocument();
    // What was found is said under the title alone.
    expect(screen.getAllByText(/^These customers form distinct groups\./)).toHaveLength(1);
    fireEvent.change(slider, { target: { value: '1' } });
    expect(screen.getByText('Preview, not saved.').parentElement).toHaveTextContent('The segments are clearly separated');
    expect(screen.getByRole('img', { name: /into 3 segments/ })).toBeVisible();
    expect(cards().getByText('Older')).toBeVisible();
    expect(await cards().findByText('Oldest')).toBeVisible();
    expect(cards().queryByText('Older')).not.toBeInTheDocument();
    const colours = [['Oldest', 'var(--segment-0)'], ['Youngest', 'var(--segment-1)'], ['Middle-aged', 'var(--segment-2)']];
    const byName = (list: (string | null | undefined)[][]) => list.toSorted((a, b) => String(a[1]).localeCompare(String(b[1])));
    expect(byName(marked(screen.getByRole('list', { name: 'Segments, from left to right' })))).toEqual(colours);
    await waitFor(() => expect(byName(marked(screen.getByRole('list', { name: 'Segments' })))).toEqual(colours));
    for (const [name = '', colour] of colours) expect(cards().getByRole('heading', { name }).querySelector('svg')).toHaveAttribute('fill', colour);
    expect(calls.some(({ url }) => url.endsWith('/projection/8?n_clusters=3'))).toBe(true);
    expect(router.state.location.search).toBe('?cut=3');
  });

  it('says of what it cannot show whose it is, and leads back', async () => {
    signIn('analyst');
    const { router } = open(`${AT}?cut=3`);
    expect(await screen.findByRole('heading', { name: 'Oldest' })).toBeVisible();
    // How it was made; what was found follows the cut.
    expect(screen.getAllByText(NOTE)).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Back to 2' }));
    expect(screen.queryByText(NOTE)).not.toBeInTheDocument();
    expect(await cards().findByText('Older')).toBeVisible();
    expect(router.state.location.search).toBe('');
  });

  it('asks for where it rests alone, and says what went wrong', async () => {
    signIn('analyst');
    let broken = true;
    const { calls } = open(AT, { 'POST /api/v1/clustering/runs/8/cut': () => (broken ? json({ detail: 'The tree is away' }, 503) : json(at(4))) });
    const slider = await screen.findByRole('slider');
    await waitFor(() => expect(slider).toBeEnabled());
    fireEvent.change(slider, { target: { value: '1' } });
    fireEvent.change(slider, { target: { value: '2' } });
    expect(await screen.findByText(/The tree is away/, {}, { timeout: 10_000 })).toBeVisible();
    expect(cards().getByText('Older')).toBeVisible();
    const asked = calls.filter(({ method }) => method === 'POST').map((request) => request.json());
    expect(await Promise.all(asked)).toEqual([{ n_clusters: 4 }]);
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await cards().findByText('Oldest')).toBeVisible();
  });

  it('keeps a cut as a new version', async () => {
    signIn('analyst');
    const { calls, router } = open(`${AT}?cut=3`, { 'POST /api/v1/segmentations/3/train': () => json({ ...sample.version, version: 2, run_id: 9, n_segments: 3 }, 201) });
    await userEvent.click(await screen.findByRole('button', { name: 'Save this cut' }));
    await waitFor(() => expect(router.state.location.search).toBe(''));
    expect(await calls.find(({ url }) => url.endsWith('/train'))?.json()).toEqual({ algorithm: 'hierarchical', linkage: 'ward', n_clusters: 3 });
  });

  it('offers no version to those who may not make one', async () => {
    signIn();
    open(`${AT}?cut=3`, { 'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, is_owner: false }) });
    expect(await screen.findByRole('button', { name: 'Back to 2' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Save this cut' })).not.toBeInTheDocument();
  });
});

describe('the charts', () => {
  it('show any column by segment, its figures behind the picture, and keep the choice in the address', async () => {
    signIn('analyst');
    const { router } = open();
    const section = (name: string) => within(screen.getByRole('heading', { name }).closest('section') ?? document.body);
    expect(await screen.findByText(/^One row per segment, all on the same scale.* 2 customers without a value are left out\.$/)).toBeVisible();
    await userEvent.selectOptions(section('Any column, by segment').getByLabelText('Column'), 'churned');
    expect(await screen.findByText(/^Each row is a segment and adds up to 100%/)).toBeVisible();
    expect(router.state.location.search).toBe('?by=churned');
    await userEvent.click(screen.getByRole('button', { name: 'More about this chart: churned by segment' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as a table' }));
    const table = screen.getByRole('table', { name: 'churned by segment' });
    expect(within(table).getByRole('row', { name: 'Younger yes 15 0.75' })).toBeVisible();
    expect(screen.getByText(/A sample of 2 of 9,000 customers, from every segment\. 3 customers without a value in one of the two are left out\./)).toBeVisible();
    expect(within(section('Any two columns').getByLabelText('From left to right')).queryByRole('option', { name: 'churned' })).not.toBeInTheDocument();
  });

  it('show sizes over versions where there are some', async () => {
    signIn('analyst');
    open(AT, { 'GET /api/v1/segmentations/3/versions': () => json([{ ...sample.version, version: 2 }, sample.version]) });
    expect(await screen.findByRole('heading', { name: 'Sizes over versions' })).toBeVisible();
  });
});

describe('the usefulness of segments', () => {
  it('is said in words first, for a column that was not used', async () => {
    signIn('analyst');
    const { calls } = open(`${AT}/usefulness?column=churned`);
    expect(await screen.findByText('The segments differ')).toBeVisible();
    expect(screen.getByText(/^churned: yes ranges from 25% in Older/)).toBeVisible();
    const lifts = within(screen.getByRole('table', { name: 'Lift by segment' }));
    expect(lifts.getByRole('row', { name: /^Younger/ })).toHaveTextContent('1.79 times as much lift 1.79 (1.27 to 2.12)');
    expect(lifts.getByRole('row', { name: /^Older/ })).toHaveTextContent('40% less');
    expect(screen.getByText(/Cramér’s V is 0\.48 on all customers and 0\.45/)).toBeVisible();
    // What the segments were made from is not offered.
    expect(within(screen.getByLabelText('Column')).getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['visits', 'churned']);
    await userEvent.selectOptions(await screen.findByLabelText('Share of'), 'no');
    await waitFor(() => expect(calls.some(({ url }) => url.includes('/usefulness?column=churned&value=no'))).toBe(true));
  });

  it('is the owner’s to look into, whose other columns a team does not see', async () => {
    signIn('user');
    const used = sample.chartedColumns.filter((column) => column.used);
    open(`${AT}/usefulness`, { 'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, is_owner: false }), 'GET /api/v1/segmentations/3/columns': () => json(used) });
    expect(await screen.findByText(/are shown to the owner of the table only/)).toBeVisible();
    expect(screen.queryByText(/Find segments again/)).not.toBeInTheDocument();
  });

  it('does not take chance for a difference', async () => {
    signIn('analyst');
    open(`${AT}/usefulness`, { 'GET /api/v1/segmentations/3/usefulness': () => json({ ...sample.usefulness, p_value: 0.4 }) });
    expect(await screen.findByText('No evidence of a difference')).toBeVisible();
    expect(screen.queryByText('The segments differ')).not.toBeInTheDocument();
  });
});

describe('how sure the segments are', () => {
  it('follows the cut', async () => {
    signIn('analyst');
    const certainty = { best_n_clusters: 3, shares: { 3: 0.8, 2: 0.2 }, criteria: [3, 3].map((n_clusters) => ({ name: 'gap', n_clusters })), agree: true, n_resamples: 25, sentences: ['20 of 25 resamples choose 3 segments.'] };
    const steady = (jaccard: number, band: string) => ({ cluster: 0, jaccard, recovered: 1, dissolved: 0, band, sentence: '' });
    open(AT, {
      'GET /api/v1/clustering/runs': () => json([{ ...sample.treeRun, validation: { ...sample.validation, certainty } }]),
      'POST /api/v1/clustering/runs/8/cut': () => json({ ...at(3), segment_stability: [steady(0.4, 'dissolved'), steady(0.9, 'highly stable')] }),
    });
    await userEvent.click(await screen.findByText('How sure is this, and why?'));
    expect(screen.getByText(/3 segments are usually best separated, not 2/)).toBeVisible();
    const slider = await screen.findByRole('slider');
    await waitFor(() => expect(slider).toBeEnabled());
    fireEvent.change(slider, { target: { value: '1' } });
    expect(await screen.findByText(/All criteria agree on 3 segments/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /^Lowest Jaccard 0.40/ }));
    expect(await screen.findByText('Lowest Jaccard 0.40')).toBeVisible();
  });
});

describe('how many segments there are', () => {
  it('is told once, and with what to do', async () => {
    signIn('analyst');
    const criteria = [2, 9, 1].map((n_clusters) => ({ name: 'gap', n_clusters }));
    const certainty = { best_n_clusters: 2, shares: { 2: 0.8, 9: 0.2 }, criteria, agree: false, n_resamples: 25, sentences: ['20 of 25 resamples choose 2 segments.', 'The silhouette still rises at 10.'] };
    const run = { ...sample.treeRun, validation: { ...sample.validation, certainty } };
    open(AT, { 'GET /api/v1/clustering/runs': () => json([run]) });
    await userEvent.click(await screen.findByText('How sure is this, and why?'));
    expect(await screen.findByText(/disagree \(1 to 9\): choose the one that is most useful to you; the slider shows each of them\./)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /^20 of 25 resamples/ }));
    expect(await screen.findByText('20 of 25 resamples choose 2 segments. The silhouette still rises at 10.')).toBeVisible();
  });
});

describe('the address that a run had', () => {
  it('leads to its version, with the cut that was looked at', async () => {
    signIn();
    const { router } = open('/runs/8?cut=3', { 'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, active_version: { ...sample.version, version: 2 } }), 'GET /api/v1/segmentations/3/versions/1': () => json({ ...sample.version, is_active: false }) });
    await waitFor(() => expect(router.state.location.pathname + router.state.location.search).toBe('/segmentations/3?version=1&cut=3'));
    expect(await screen.findByText(/This is version 1; version 2 is in use/)).toBeVisible();
    expect(await screen.findByRole('link', { name: 'See version 2' })).toHaveAttribute('href', AT);
  });
});

describe('the segmentation that everyone has', () => {
  const core = {
    'GET /api/v1/segmentations/core': () => json({ ...sample.core, is_owner: true }),
    'GET /api/v1/segmentations/core/drift': () => json({ ...sample.drift, alarm: true, sentence: 'Recent customers are older.' }),
    'GET /api/v1/segmentations/core/insights': () => json(sample.insights),
    'GET /clusters': () => json(sample.clusters),
    'GET /elbow': () => json(sample.elbow),
    'GET /api/v1/models/1/points': () => json(sample.points),
  };

  it('is looked into by analysts as any other', async () => {
    signIn('analyst');
    open('/segmentations/core', core);
    expect(await screen.findByRole('link', { name: 'Older' })).toHaveAttribute('href', '/segmentations/core/segments/0');
    expect(screen.getByRole('button', { name: 'Rename Older' })).toBeVisible();
    expect(await screen.findByText('Call them: they answer the phone.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Customers' })).toHaveAttribute('href', '/segmentations/core/customers');
    expect(await screen.findByText(/Recent customers are older/)).toBeVisible();
  });

  it('shows others its segments, but not its customers', async () => {
    signIn('user');
    const { calls } = open('/segmentations/core', { ...core, 'GET /api/v1/segmentations/core': () => json(sample.core) });
    expect(await screen.findByText('Call them: they answer the phone.')).toBeVisible();
    for (const name of ['Older', 'Customers']) expect(screen.queryByRole('link', { name })).not.toBeInTheDocument();
    expect(calls.some(({ url }) => url.endsWith('/drift'))).toBe(false);
  });

  it('lists its versions for others, without what its customers did', async () => {
    signIn('user');
    const before = { ...sample.version, version: 2, is_active: false };
    const { calls } = open('/segmentations/core/versions?compare=2', { ...core, 'GET /api/v1/segmentations/core': () => json(sample.core), 'GET /api/v1/segmentations/core/versions': () => json([before, sample.version]), 'GET /api/v1/segmentations/core/record': () => json([]) });
    expect(await screen.findByRole('link', { name: 'Version 2' })).toBeVisible();
    expect(screen.queryByRole('link', { name: /^Compare/ })).not.toBeInTheDocument();
    expect(screen.queryByRole('heading', { name: /^Does it still fit|^What would change/ })).not.toBeInTheDocument();
    expect(calls.some(({ url }) => /drift|compare/.test(url))).toBe(false);
  });
});

describe('a segmentation', () => {
  it('has its answer first: what was found, then the segments, in one order and one mark', async () => {
    signIn('analyst');
    const segments = sample.version.segments.map((segment, index) => ({ ...segment, lasting_id: 7 - index, position: 1 - index }));
    open(AT, {
      'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, active_version: { ...sample.version, segments } }),
      'GET /api/v1/clustering/segments/8': () => json({ ...sample.segments, profiles: ['Older', 'Younger'].map((cluster_name, cluster) => ({ ...sample.segments.profiles[0], cluster, cluster_name })) }),
    });
    const names = await screen.findAllByRole('heading', { level: 3, name: /^(Older|Younger)/ });
    expect(names.map((name) => [name.textContent, name.querySelector('svg')?.getAttribute('fill')])).toEqual([
      ['Younger', 'var(--segment-6)'],
      ['Older', 'var(--segment-7)'],
    ]);
    const [answer] = screen.getAllByText(/^These customers form distinct groups/);
    expect(answer?.compareDocumentPosition(names[0] ?? document.body)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it('lets its owner rename a segment where it stands, and take it back', async () => {
    signIn('analyst');
    let name = 'Older';
    const { calls } = open(AT, {
      'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, active_version: { ...sample.version, segments: sample.version.segments.map((each, index) => (index === 0 ? { ...each, name } : each)) } }),
      'PATCH /api/v1/segmentations/3/segments/0': async (request) => {
        name = ((await request.clone().json()) as { name: string | null }).name ?? 'Older';
        return json(sample.version.segments[0]);
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Rename Older' }));
    await userEvent.clear(screen.getByLabelText('Name'));
    await userEvent.type(screen.getByLabelText('Name'), 'Regulars{Enter}');
    expect(await screen.findByText('Older is called Regulars now')).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'Regulars' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('heading', { name: 'Older' })).toBeVisible();
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ name: 'Regulars' }, { name: null }]);
  });

  it('lets its owner put the segments in another order by key, and take it back', async () => {
    signIn('analyst');
    const { calls } = open(AT, { 'PATCH /api/v1/segmentations/3/segments/0': () => json(sample.version.segments[0]), 'PATCH /api/v1/segmentations/3/segments/1': () => json(sample.version.segments[1]) });
    await userEvent.click(await screen.findByRole('button', { name: 'Change order' }));
    const down = screen.getByRole('button', { name: 'Move Older down' });
    down.focus();
    await userEvent.keyboard('{Enter}');
    expect(within(screen.getByRole('list', { name: 'Segments' })).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Younger', 'Older']);
    expect(down).toHaveFocus();
    expect(screen.getByText('Older is number 2 of 2')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Save order' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    const sent = () => calls.filter(({ method }) => method === 'PATCH');
    await waitFor(() => expect(sent()).toHaveLength(4));
    expect(await Promise.all(sent().map(async (request) => [request.url.at(-1), (await request.json()) as unknown]))).toEqual([
      ['1', { position: 0 }],
      ['0', { position: 1 }],
      ['1', { position: null }],
      ['0', { position: null }],
    ]);
  });

  it('leads to a new version where its table has changed', async () => {
    signIn('analyst');
    const { router } = open(AT, { 'GET /api/v1/clustering/runs': () => json([{ ...sample.treeRun, data_changed: true }]), 'GET /api/v1/segmentations/3/versions': () => json([sample.version]), 'GET /api/v1/segmentations/3/record': () => json([]), 'GET /api/v1/datasets': () => json([]) });
    await userEvent.click(await screen.findByRole('link', { name: 'Train a new version' }));
    expect(await screen.findByRole('dialog', { name: 'Train a new version' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(router.state.location.search).toBe('');
  });

  it('leaves a name as it was by Escape', async () => {
    signIn('analyst');
    const { calls } = open();
    await userEvent.click(await screen.findByRole('button', { name: 'Rename Older' }));
    await userEvent.type(screen.getByLabelText('Name'), ' and wiser{Escape}');
    expect(await screen.findByRole('button', { name: 'Rename Older' })).toHaveFocus();
    expect(calls.some(({ method }) => method === 'PATCH')).toBe(false);
  });

  it('is shared, and the sharing taken back', async () => {
    signIn('analyst');
    const { calls } = open(AT, { 'PATCH /api/v1/segmentations/3': () => json(sample.segmentation) });
    await userEvent.click(await screen.findByRole('button', { name: 'More' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Share with the team' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(calls.filter(({ method }) => method === 'PATCH')).toHaveLength(2));
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ visibility: 'team' }, { visibility: 'private' }]);
  });

  it('has nothing to change for those who only see it', async () => {
    signIn('user');
    open(AT, { 'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, is_owner: false, visibility: 'team' }) });
    expect(await screen.findByRole('heading', { name: 'Older' })).toBeVisible();
    for (const name of [/^Rename/, /^More$/, /^Save this cut/]) expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
  });

  it.each([
    ['/segmentations/99', 404],
    ['/segmentations/x', 422],
  ])('that does not exist leads to the list: %s', async (address, status) => {
    signIn();
    const nothing = () => json({ detail: 'Not found' }, status);
    open(address, { 'GET /api/v1/segmentations/99': nothing, 'GET /api/v1/segmentations/NaN': nothing });
    expect(await screen.findByText('This segmentation does not exist')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('link', { name: 'All segmentations' }));
    expect(screen.getByText('the list')).toBeVisible();
  });
});

describe('the versions', () => {
  const versions = [3, 2, 1].map((version) => ({ ...sample.version, version, run_id: 8 + version, is_active: version === 2, activated_at: version === 3 ? null : sample.version.activated_at }));
  const entries = [
    { at: '2026-01-02T00:00:00Z', by: 'maria', change: 'segment_changed' as const, fields: ['name'], segment: 0, version: null, visibility: null },
    { at: '2026-01-01T00:00:00Z', by: null, change: 'trained' as const, fields: [], segment: null, version: 1, visibility: null },
  ];
  const answers = {
    'GET /api/v1/segmentations/3': () => json({ ...sample.segmentation, active_version: versions[1] }),
    'GET /api/v1/segmentations/3/versions': () => json(versions),
    'GET /api/v1/segmentations/3/record': () => json(entries, 200, { 'X-Total-Count': '2' }),
    'GET /api/v1/datasets': () => json([sample.dataset, { ...sample.dataset, id: 2, filename: 'shop-2.csv' }]),
  };

  it('say what another one would change', async () => {
    signIn('user');
    const moves = { n_customers: 60, n_moved: 4, share_moved: 0.07, rows: ['Older', 'Younger'], columns: ['Older', 'Younger'], matrix: [[38, 2], [2, 18]], sentence: '4 of 60 move.' };
    const change = { version: 3, against: 2, summary: '4 of 60 customers would change segment.', adjusted_rand_index: 0.9, refinement: null, segments: [0, 1].map((id) => ({ change: 'kept' as const, old_id: id, old_name: ['Older', 'Younger'][id], new_id: id, new_name: ['Older', 'Younger'][id], overlap: 0.9 })), training: moves, history: moves, customers_moved: { ...moves, n_joined: 0, n_left: 0 }, borders_moved: moves };
    open(`${AT}/versions?compare=3`, { ...answers, 'GET /api/v1/segmentations/3/versions/3/compare': () => json(change) });
    expect(await screen.findByText('4 of 60 customers would change segment.')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'What would change from version 2 to version 3' })).toBeVisible();
  });

  it('are activated and rolled back, which can be undone', async () => {
    signIn('analyst');
    const { calls } = open(`${AT}/versions`, { ...answers, 'POST /api/v1/segmentations/3/versions/1/activate': () => json(versions[2]), 'POST /api/v1/segmentations/3/versions/2/activate': () => json(versions[1]) });
    await screen.findByText('Version 3');
    expect(screen.getAllByRole('button', { name: /version \d$/ }).map((button) => button.getAttribute('aria-label'))).toEqual(['Activate: version 3', 'Roll back: version 1']);
    await userEvent.click(screen.getByRole('button', { name: 'Roll back: version 1' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(calls.filter(({ method }) => method === 'POST').map(({ url }) => new URL(url).pathname.split('/').at(-2))).toEqual(['1', '2']));
  });

  it('say who did what', async () => {
    signIn('user');
    open(`${AT}/versions`, answers);
    expect(await screen.findByText('changed Older (name)', { exact: false })).toHaveTextContent('maria changed Older (name)');
    expect(screen.getByText('trained version 1', { exact: false })).toHaveTextContent('A deleted account trained version 1');
    expect(screen.queryByRole('button', { name: 'New version' })).not.toBeInTheDocument();
  });

  it('are trained on a newer table', async () => {
    signIn('analyst');
    const job = { ...sample.training, kind: 'train' };
    const { calls } = open(`${AT}/versions`, { ...answers, 'POST /api/v1/segmentations/3/train': () => json(job, 202), 'GET /api/v1/jobs/5': () => json(job) });
    await userEvent.click(await screen.findByRole('button', { name: 'New version' }));
    await userEvent.selectOptions(screen.getByLabelText('Table'), 'shop-2.csv');
    await userEvent.click(screen.getByRole('button', { name: 'Train version' }));
    expect(await screen.findByText('2%')).toBeVisible();
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toEqual({ dataset_id: 2, activate: true });
  });
});

describe('placing', () => {
  const placement = { row: 1, segment: 1, lasting_id: 1, segment_name: 'Younger', confidence: 73, probability: 0.97, outlier: false, role: null };
  const placed = { segmentation_id: 3, version: 1, rule: 'nearest_center' as const, n_rows: 1, warnings: [], placements: [placement] };
  const nothing = { unit: null, low: null, high: null, typical: null, choices: [] };
  const form = {
    version: 1, identifier: 'customer_id',
    columns: [
      { ...nothing, name: 'age', kind: 'number' as const, low: 18, high: 90, typical: 34, unit: 'years' },
      { ...nothing, name: 'region', kind: 'category' as const, typical: 'North', choices: ['North', 'South'] },
    ],
  };
  const answers = { 'GET /api/v1/segmentations/3/form': () => json(form), 'GET /api/v1/segmentations/3/history': () => json([], 200, { 'X-Total-Count': '0' }) };

  it('asks for the columns of this segmentation, and says how likely the segment is', async () => {
    signIn('user');
    const { calls } = open(`${AT}/place`, { ...answers, 'POST /api/v1/segmentations/3/predict': () => json(placed) });
    const age = await screen.findByLabelText('age');
    expect(age).toHaveAccessibleDescription('18 to 90 years, usually 34');
    await userEvent.type(age, '27');
    await userEvent.selectOptions(screen.getByLabelText('region'), 'South');
    await userEvent.click(screen.getByRole('button', { name: 'Place customer' }));
    expect(await screen.findByTestId('segment')).toHaveTextContent('Younger');
    expect(screen.getByText('very likely here')).toBeVisible();
    expect(screen.getByText(/^73% confidence/)).toBeVisible();
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toEqual({ rows: [{ age: '27', region: 'South' }] });
  });

  it('takes what is left empty for not known', async () => {
    signIn('user');
    const { calls } = open(`${AT}/place`, { ...answers, 'POST /api/v1/segmentations/3/predict': () => json(placed) });
    await userEvent.type(await screen.findByLabelText('age'), '27{Enter}');
    expect(await screen.findByTestId('segment')).toHaveTextContent('Younger');
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toEqual({ rows: [{ age: '27', region: null }] });
  });

  it('puts a refusal on its field', async () => {
    signIn('user');
    const refusal = { detail: [{ loc: ['body', 'rows', 0, 'age'], msg: 'old is not a number', type: 'not_a_number' }] };
    open(`${AT}/place`, { ...answers, 'POST /api/v1/segmentations/3/predict': () => json(refusal, 422) });
    await userEvent.type(await screen.findByLabelText('age'), 'old{Enter}');
    await waitFor(() => expect(screen.getByLabelText('age')).toHaveAccessibleDescription(/Old is not a number/));
  });
});

describe('the customers', () => {
  const page = { version: 1, identified_by: 'customer_id', total: 120, next_cursor: 'after-50', items: [sample.listed] };
  const answers = { 'GET /api/v1/segmentations/3/customers': () => json(page) };
  const asked = (calls: Request[]) => new URL(calls.findLast(({ url }) => url.includes('/customers'))?.url ?? '').searchParams;

  it('are filtered, sorted and turned by the address', async () => {
    signIn('user');
    const { calls, router } = open(`${AT}/customers?segment=1&where=age:ge:30&sort=-age&q=north`, answers);
    expect(await screen.findByText('120 customers found')).toBeVisible();
    const [first] = screen.getAllByRole('row').slice(1);
    expect(first).toHaveTextContent('C017Youngervery likely here (81%)34');
    expect([...asked(calls)]).toEqual(expect.arrayContaining([['segment', '1'], ['where', 'age:ge:30'], ['sort', '-age'], ['q', 'north'], ['limit', '50']]));
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await waitFor(() => expect(asked(calls).get('cursor')).toBe('after-50'));
    await userEvent.click(screen.getByRole('button', { name: 'age' }));
    await waitFor(() => expect(router.state.location.search).not.toContain('cursor'));
    expect(router.state.location.search).toContain('sort=age');
  });

  it('are narrowed by a filter that is added, and removed again', async () => {
    signIn('user');
    const { calls } = open(`${AT}/customers`, answers);
    await userEvent.click(await screen.findByRole('button', { name: 'Add a filter' }));
    await userEvent.type(screen.getByLabelText('From'), '20');
    await userEvent.type(screen.getByLabelText('To'), '40{Enter}');
    await waitFor(() => expect(asked(calls).getAll('where')).toEqual(['age:between:20..40']));
    await userEvent.click(screen.getByRole('button', { name: 'Remove: age is 20 to 40' }));
    await waitFor(() => expect(asked(calls).getAll('where')).toEqual([]));
  });

  it('that no filter leaves say so, and lead back', async () => {
    signIn('user');
    const { router } = open(`${AT}/customers?q=zz`, { 'GET /api/v1/segmentations/3/customers': ({ url }) => json(url.includes('q=') ? { ...page, total: 0, items: [], next_cursor: null } : page) });
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filters' }));
    expect(await screen.findByText('120 customers')).toBeVisible();
    expect(router.state.location.search).toBe('');
  });
});

describe('one segment', () => {
  it('says what to do, what sets it apart, its rule, and who is typical and who is not', async () => {
    signIn('user');
    open(`${AT}/segments/1`, { 'GET /api/v1/segmentations/3/segments/1': () => json(sample.segmentView) });
    expect(await screen.findByRole('heading', { name: 'Younger' })).toBeVisible();
    expect(await screen.findByText('Welcome them by e-mail.')).toBeVisible();
    expect(screen.getByRole('img', { name: 'age in Younger and in all others. Lower: 25 years vs 61 years on average' })).toBeVisible();
    expect(screen.getByText('North').closest('li')).toHaveTextContent('North80% vs 30%');
    expect(screen.getByText('age at most 40')).toBeVisible();
    expect(within(screen.getByRole('table', { name: 'Borderline customers' })).getByRole('link', { name: 'C017' })).toHaveAttribute('href', `${AT}/customers/C017`);
    expect(screen.getByRole('link', { name: 'All 20 customers' })).toHaveAttribute('href', `${AT}/customers?segment=1`);
    expect(screen.queryByRole('button', { name: 'Note and advice' })).not.toBeInTheDocument();
  });

  it('takes its owner’s note and advice, and gives them back', async () => {
    signIn('analyst');
    const { calls } = open(`${AT}/segments/1`, { 'GET /api/v1/segmentations/3/segments/1': () => json(sample.segmentView), 'PATCH /api/v1/segmentations/3/segments/1': () => json(sample.version.segments[1]) });
    await userEvent.click(await screen.findByRole('button', { name: 'Note and advice' }));
    await userEvent.type(screen.getByLabelText('What to do'), 'Invite to the preview');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(calls.filter(({ method }) => method === 'PATCH')).toHaveLength(2));
    const sent = calls.filter(({ method }) => method === 'PATCH').map((request) => request.json());
    expect(await Promise.all(sent)).toEqual([{ note: null, advice: 'Invite to the preview' }, { note: null, advice: null }]);
  });

  it('that a version does not have leads to those it has', async () => {
    signIn('user');
    open(`${AT}/segments/9`);
    expect(await screen.findByText('This version has no such segment')).toBeVisible();
  });
});

describe('one customer', () => {
  it('is explained: why here, how near the others are, and what would move it', async () => {
    signIn('user');
    open(`${AT}/customers/C017`, { 'GET /api/v1/segmentations/3/customers/C017': () => json(sample.customerView) });
    expect(await screen.findByRole('heading', { name: 'customer_id C017' })).toBeVisible();
    expect(screen.getByText('very likely here')).toBeVisible();
    expect(screen.getByText('age: 34')).toBeVisible();
    expect(screen.getByText('Usual in this segment 25, in the nearest other one 61')).toBeVisible();
    expect(screen.getByText('With age at 48 instead of 34, the customer would be in Older.')).toBeVisible();
  });

  it('that is not there is said', async () => {
    signIn('user');
    open(`${AT}/customers/zz`, { 'GET /api/v1/segmentations/3/customers/zz': () => json({ detail: 'Customer not found' }, 404) });
    expect(await screen.findByText('There is no such customer')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All customers' })).toHaveAttribute('href', `${AT}/customers`);
  });
});

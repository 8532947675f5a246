import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import RunPage from './run';

// There is no canvas here, and a chart has nothing to say without one.
vi.mock('@/charts/engine', () => ({ default: () => null }));

const ROUTES = [{ path: '/runs/:run', element: <RunPage /> }];
const at = (n_clusters: number) => sample.cutOf(n_clusters);

/** A segmentation of a tree; what a preview was asked for is in the calls. */
function open(address = '/runs/8', answers: Parameters<typeof serve>[0] = {}) {
  const calls = serve({
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
    const { router } = open('/runs/8?cut=3');
    expect(await screen.findByRole('heading', { name: 'Oldest' })).toBeVisible();
    // The files, the check, the customers and how it was made.
    expect(screen.getAllByText(NOTE)).toHaveLength(4);
    await userEvent.click(screen.getByRole('button', { name: 'Back to 2' }));
    expect(screen.queryByText(NOTE)).not.toBeInTheDocument();
    expect(await cards().findByText('Older')).toBeVisible();
    expect(router.state.location.search).toBe('');
  });

  it('asks for where it rests alone, and says what went wrong', async () => {
    signIn('analyst');
    let broken = true;
    const { calls } = open('/runs/8', { 'POST /api/v1/clustering/runs/8/cut': () => (broken ? json({ detail: 'The tree is away' }, 503) : json(at(4))) });
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

  it('keeps a cut as a run of its own', async () => {
    signIn('analyst');
    const { calls, router } = open('/runs/8?cut=3', { 'POST /api/v1/clustering/train': () => json({ ...sample.treeRun, run_id: 9, n_clusters: 3 }, 201) });
    await userEvent.click(await screen.findByRole('button', { name: 'Save this cut' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/9'));
    expect(await calls.find(({ url }) => url.endsWith('/train'))?.json()).toMatchObject({ dataset_id: 1, algorithm: 'hierarchical', linkage: 'ward', n_clusters: 3 });
  });

  it('offers no run to those who may not make one', async () => {
    signIn();
    open('/runs/8?cut=3');
    expect(await screen.findByRole('button', { name: 'Back to 2' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Save this cut' })).not.toBeInTheDocument();
  });
});

describe('how many segments there are', () => {
  it('is told once, and with what to do', async () => {
    signIn('analyst');
    const criteria = [2, 9, 1].map((n_clusters) => ({ name: 'gap', n_clusters }));
    const certainty = { best_n_clusters: 2, shares: { 2: 0.8, 9: 0.2 }, criteria, agree: false, n_resamples: 25, sentences: ['20 of 25 resamples choose 2 segments.', 'The silhouette still rises at 10.'] };
    const run = { ...sample.treeRun, validation: { ...sample.validation, certainty } };
    open('/runs/8', { 'GET /api/v1/clustering/runs': () => json([run]) });
    expect(await screen.findByText(/disagree \(1 to 9\): choose the one that is most useful to you; the slider shows each of them\./)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /^20 of 25 resamples/ }));
    expect(await screen.findByText('20 of 25 resamples choose 2 segments. The silhouette still rises at 10.')).toBeVisible();
  });
});

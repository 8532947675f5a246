import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Role } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import DashboardPage from './dashboard';

vi.mock('@/charts/engine', () => ({ default: () => null }));

function openAs(role: Role, drift: object, more: Parameters<typeof serve>[0] = {}, at = '/') {
  signIn(role);
  const calls = serve({
    'GET /api/v1/jobs': () => json([]),
    'GET /api/v1/segmentations': () => json([sample.core]),
    'GET /clusters': () => json(sample.clusters),
    'GET /elbow': () => json(sample.elbow),
    'GET /history': () => json({ history: [], total: 0 }),
    'GET /api/v1/models/1/points': () => json(sample.points),
    'GET /api/v1/models/1/drift': () => json({ ...sample.drift, ...drift }),
    ...more,
  });
  show([{ path: '/', element: <DashboardPage /> }], at);
  return calls;
}

const changed = { verdict: 'retrain', alarm: true, sentence: 'Recent customers differ clearly in age; retraining is due.' };

describe('the alarm that customers have changed', () => {
  it('is on the dashboard, and leads to what changed', async () => {
    openAs('analyst', changed);
    expect(await screen.findByText(/differ clearly in age/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'See what changed' })).toHaveAttribute('href', '/models/1');
  });

  it('is silent where nothing has', async () => {
    openAs('analyst', { verdict: 'stable', alarm: false, sentence: 'Recent customers look alike.' });
    expect(await screen.findByText(/400 customers: size/)).toBeVisible();
    expect(screen.queryByText('Recent customers look alike.')).not.toBeInTheDocument();
  });

  it('is not for those who cannot open the model', async () => {
    const calls = openAs('user', changed);
    expect(await screen.findByText(/400 customers: size/)).toBeVisible();
    expect(calls.some(({ url }) => url.endsWith('/drift'))).toBe(false);
  });
});

describe('the dashboard', () => {
  const stable = { verdict: 'stable', alarm: false };
  const others = {
    'GET /api/v1/segmentations': () => json([sample.segmentation, sample.core]),
    'GET /api/v1/segmentations/3': () => json(sample.segmentation),
    'GET /api/v1/segmentations/3/form': () => json({ version: 1, identifier: null, columns: [{ name: 'age', kind: 'number', unit: null, low: 18, high: 90, typical: 34, choices: [] }] }),
    'GET /api/v1/segmentations/3/history': () => json([]),
  };

  it('marks what a new account sees as an example, and leads to their own', async () => {
    openAs('user', stable);
    expect(await screen.findByText('An example.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Segment your own customers' })).toHaveAttribute('href', '/start');
    expect(screen.getByLabelText('Spending score')).toBeVisible();
  });

  it('shows the segments by their owner’s names, in one mark everywhere', async () => {
    const [first] = sample.version.segments;
    const segments = [{ ...first, id: 0, lasting_id: 5, name: 'Our best' }];
    openAs('analyst', stable, { 'GET /api/v1/segmentations/core': () => json({ ...sample.core, active_version: { ...sample.core.active_version, segments } }) });
    const name = await screen.findByRole('heading', { level: 3, name: 'Our best' });
    expect(name.querySelector('svg')).toHaveAttribute('fill', 'var(--segment-5)');
    expect(await screen.findByRole('list', { name: 'Segments' })).toHaveTextContent('Our best');
  });

  it('opens the segmentation that was used last, and any other', async () => {
    openAs('user', stable, others);
    expect(await screen.findByLabelText('age')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Shop customers' })).toHaveAttribute('href', '/segmentations/3');
    await userEvent.selectOptions(screen.getByLabelText('Segmentation'), 'Customers by age, income and spending');
    expect(await screen.findByLabelText('Spending score')).toBeVisible();
    expect(screen.queryByText('An example.')).not.toBeInTheDocument();
  });

  it('says where the address names one that is gone', async () => {
    openAs('user', stable, { ...others, 'GET /api/v1/segmentations/9': () => json({ detail: 'Segmentation not found' }, 404) }, '/?in=9');
    expect(await screen.findByText('This segmentation does not exist')).toBeVisible();
  });
});

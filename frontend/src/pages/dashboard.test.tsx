import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Role } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import DashboardPage from './dashboard';

vi.mock('@/charts/engine', () => ({ default: () => null }));

function openAs(role: Role, drift: object) {
  signIn(role);
  const calls = serve({
    'GET /api/v1/jobs': () => json([]),
    'GET /clusters': () => json(sample.clusters),
    'GET /elbow': () => json(sample.elbow),
    'GET /history': () => json({ history: [], total: 0 }),
    'GET /api/v1/models/1/points': () => json(sample.points),
    'GET /api/v1/models/1/drift': () => json({ ...sample.drift, ...drift }),
  });
  show([{ path: '/', element: <DashboardPage /> }]);
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

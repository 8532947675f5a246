import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import CustomersPage from './customers';
import HistoryPage from './history';

const row = { id: 7, customer_data: { sex: 'Female', age: 34 }, cluster: 0, cluster_name: 'Loyal Customers', confidence: 73, created_at: '2026-01-01T00:00:00Z', model_version: 1 };
const clusters = () => json({ total_customers: 0, n_clusters: 0, model_version: 1, clusters: [] });
const open = () => show([{ path: '/', element: <HistoryPage /> }, { path: '/dashboard', element: <p>the dashboard</p> }]);

describe('the history', () => {
  it('shows its layout while it loads', () => {
    signIn();
    serve({ 'GET /clusters': clusters, 'GET /history': () => new Promise<Response>(() => undefined) });
    open();
    expect(screen.getByText('Loading')).toBeInTheDocument();
  });

  it('leads to the first prediction where there is none', async () => {
    signIn();
    serve({ 'GET /clusters': clusters, 'GET /history': () => json({ history: [], total: 0 }) });
    open();
    await userEvent.click(await screen.findByRole('link', { name: 'Predict a segment' }));
    expect(screen.getByText('the dashboard')).toBeVisible();
  });

  it('says what went wrong, and tries again', async () => {
    signIn();
    let broken = true;
    serve({ 'GET /clusters': clusters, 'GET /history': () => (broken ? json({ detail: 'The database is not available' }, 503) : json({ history: [row], total: 1 })) });
    open();
    expect(await screen.findByText('The database is not available')).toBeVisible();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Loyal Customers')).toBeVisible();
  });

  it('asks the server for what the address says, fifty at a time', async () => {
    signIn();
    const calls = serve({ 'GET /clusters': clusters, 'GET /history': () => json({ history: [row], total: 120 }) });
    show([{ path: '/', element: <HistoryPage /> }], '/?min=60&segment=2&from=nonsense');
    await screen.findByText('1–50 of 120');
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await expect.poll(() => calls.filter(({ url }) => url.includes('skip=50')).length).toBe(1);
    const asked = new URL(calls.find(({ url }) => url.includes('skip=50'))?.url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toEqual({ min_confidence: '60', cluster: '2', skip: '50', limit: '50' });
  });
});

describe('saved customers', () => {
  const profile = { id: 3, user_id: 1, name: 'Corner shop', sex: 'Male', age: 40, annual_income: null, spending_score: 5, purchase_frequency: 1, notes: null, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };

  it('say what a prediction still needs', async () => {
    signIn();
    serve({ 'GET /profiles/': () => json([profile]) });
    show([{ path: '/', element: <CustomersPage /> }]);
    const button = await screen.findByRole('button', { name: 'Predict Corner shop' });
    expect(button).toBeDisabled();
    expect(button).toHaveAttribute('title', 'Fill in first: annual income');
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

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import { session, type Role } from '@/lib/session';
import NewPasswordPage from '@/pages/new-password';
import { OnlySignedOut, RequireRole, RequireSession } from './guards';

const routes = [
  { element: <OnlySignedOut />, children: [{ path: 'login', element: <p>the login page</p> }] },
  { path: 'new-password', element: <NewPasswordPage /> },
  {
    element: <RequireSession />,
    children: [
      { path: 'start', element: <p>the start</p> },
      { path: 'history', element: <p>the history</p> },
      { element: <RequireRole role="analyst" />, children: [{ path: 'models', element: <p>the models</p> }] },
    ],
  },
];

const account = { id: 1, username: 'maria', email: 'maria@example.com', full_name: null, is_active: true, created_at: '', updated_at: '' };
const asServerKnows = (role: Role, must_change_password = false, more: Parameters<typeof serve>[0] = {}) =>
  serve({ 'GET /auth/me': () => json({ ...account, role, must_change_password }), ...more });

describe('the guards', () => {
  it('send a visitor to the login page, which knows the way back', async () => {
    const router = show(routes, '/history?min=50');
    expect(await screen.findByText('the login page')).toBeVisible();
    expect(router.state.location.search).toBe(`?next=${encodeURIComponent('/history?min=50')}`);
    asServerKnows('user');
    signIn();
    expect(await screen.findByText('the history')).toBeVisible();
    expect(router.state.location.search).toBe('?min=50');
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])('never lead to another site: %s', async (next) => {
    asServerKnows('user');
    signIn();
    const router = show(routes, `/login?next=${encodeURIComponent(next)}`);
    expect(await screen.findByText('the start')).toBeVisible();
    expect(router.state.location.pathname).toBe('/start');
  });

  it('tell a user who may see a page of analysts', async () => {
    asServerKnows('user');
    signIn('user');
    show(routes, '/models');
    expect(await screen.findByText('This page is for analysts')).toBeVisible();
  });

  it('let an administrator in where an analyst may go', async () => {
    asServerKnows('admin');
    signIn('admin');
    show(routes, '/models');
    expect(await screen.findByText('the models')).toBeVisible();
  });

  it('follow a role that was changed meanwhile', async () => {
    asServerKnows('analyst');
    signIn('user');
    show(routes, '/models');
    expect(await screen.findByText('the models')).toBeVisible();
    await waitFor(() => expect(session.get().account?.role).toBe('analyst'));
  });

  it('ask for a new password before anything else', async () => {
    asServerKnows('user', true);
    signIn('user', { must_change_password: true });
    show(routes, '/history');
    expect(await screen.findByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  });

  it('let go whoever does not choose one now', async () => {
    const calls = asServerKnows('user', true, { 'POST /auth/logout': () => json({ message: 'Logged out successfully' }) });
    signIn('user', { must_change_password: true });
    show(routes, '/new-password');
    await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('the login page')).toBeVisible();
    expect(calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toContain('POST /auth/logout');
    expect(session.get()).toEqual({ token: null, account: null, ended: 'left' });
  });

  it('say that the server is away', async () => {
    serve({ 'GET /auth/me': () => new Response('', { status: 502 }) });
    signIn();
    show(routes, '/history');
    expect(await screen.findByText('The server is not responding')).toBeVisible();
  });
});

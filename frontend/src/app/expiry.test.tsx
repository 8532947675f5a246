/** A session that ends in the middle of a form: after the sign-in the form is there, as it was left. */

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import { routes } from './router';

vi.mock('@/charts/engine', () => ({ default: () => null }));
const type = async (label: string, text: string): Promise<void> => {
  const field = await screen.findByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, text);
};
const press = async (name: string | RegExp): Promise<void> => userEvent.click(await screen.findByRole('button', { name }));
const inDialog = async (name: string): Promise<void> => userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name }));
const has = async (label: string, text: string): Promise<void> => {
  expect(await screen.findByLabelText(label)).toHaveValue(text);
};

const model = { ...sample.model, is_active: false };
const answers: Parameters<typeof serve>[0] = {
  'GET /api/v1/jobs': () => json([]),
  'GET /api/v1/segmentations': () => json([sample.core]),
  'GET /clusters': () => json(sample.clusters),
  'GET /elbow': () => json(sample.elbow),
  'GET /history': () => json({ history: [sample.historyRow], total: 1 }),
  'GET /api/v1/models/1/points': () => json(sample.points),
  'GET /api/v1/models': () => json({ models: [{ ...sample.model, version: 2 }, model], total: 2 }),
  'GET /profiles/': () => json([sample.profile]),
  'GET /users/me/profile': () => json(sample.account),
  'GET /admin/users': () => json({ users: [sample.user], total: 1, total_predictions: 0, total_profiles: 0 }),
};
const account = { id: 1, username: 'maria', email: 'maria@example.com', must_change_password: false };

interface Case {
  form: string;
  at: string;
  role?: 'user' | 'analyst' | 'admin';
  /** What the form asks for when it is sent. */
  call: string;
  fill: () => Promise<void>;
  send: () => Promise<void>;
  asLeft: () => Promise<void>;
}

const CASES: Case[] = [
  {
    form: 'a customer to place',
    at: '/dashboard',
    call: 'POST /predict',
    fill: async () => {
      await press('Fill in an example');
      await type('Age', '51');
    },
    send: () => press('Predict segment'),
    asLeft: () => has('Age', '51'),
  },
  {
    form: 'a new customer',
    at: '/customers?search=shop',
    call: 'POST /profiles/',
    fill: async () => {
      await press('New customer');
      await type('Name', 'Tea room');
    },
    send: () => press('Save customer'),
    asLeft: () => has('Name', 'Tea room'),
  },
  {
    form: 'a customer that is changed',
    at: '/customers',
    call: 'PUT /profiles/3',
    fill: async () => {
      await press('Corner shop');
      await type('Notes', 'Asks for decaf');
    },
    send: () => press('Save changes'),
    asLeft: async () => {
      await has('Notes', 'Asks for decaf');
      await has('Name', 'Corner shop');
      expect(screen.getByRole('dialog', { name: 'Edit customer' })).toBeVisible();
    },
  },
  {
    form: 'the deletion of the history',
    at: '/history?min=60',
    call: 'DELETE /history',
    fill: async () => {
      await press('Delete');
      await type('Type delete to confirm', 'delete');
    },
    send: () => press('Delete 1 prediction'),
    asLeft: async () => {
      await has('Type delete to confirm', 'delete');
      expect(screen.getByLabelText('Confidence from')).toHaveValue('60');
    },
  },
  {
    form: 'an own account',
    at: '/profile',
    call: 'PUT /users/me',
    fill: () => type('Full name', 'Maria Keller'),
    send: () => press('Save changes'),
    asLeft: () => has('Full name', 'Maria Keller'),
  },
  {
    form: 'the deletion of the own account',
    at: '/settings',
    call: 'DELETE /users/me',
    fill: async () => {
      await press('Delete account');
      await type('Type maria to confirm', 'maria');
    },
    send: () => inDialog('Delete account'),
    asLeft: () => has('Type maria to confirm', 'maria'),
  },
  {
    form: 'a user who is deleted',
    at: '/admin?role=user',
    role: 'admin',
    call: 'DELETE /admin/users/2',
    fill: async () => {
      await press('Actions for paul');
      await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
      await type('Type paul to confirm', 'paul');
    },
    send: () => press('Delete user'),
    asLeft: async () => {
      await has('Type paul to confirm', 'paul');
      expect(screen.getByLabelText('Role', { selector: 'select' })).toHaveValue('user');
    },
  },
  {
    form: 'a training',
    at: '/models',
    role: 'analyst',
    call: 'POST /train',
    fill: async () => {
      await press('Train a new model');
      await userEvent.selectOptions(await screen.findByLabelText('Number of segments'), '7');
    },
    send: () => press('Train model'),
    asLeft: () => has('Number of segments', '7'),
  },
  {
    form: 'a roll-back',
    at: '/models',
    role: 'analyst',
    call: 'POST /api/v1/models/1/activate',
    fill: () => press('Roll back: version 1'),
    send: () => press('Roll back'),
    asLeft: async () => {
      expect(await screen.findByRole('dialog', { name: 'Roll back to version 1?' })).toBeVisible();
    },
  },
];

const refused = () => json({ detail: 'Could not validate credentials' }, 401);

async function signInAgain(id = 1): Promise<void> {
  expect(await screen.findByText(/Your session has ended/)).toBeVisible();
  expect(screen.getByLabelText('Username or email')).toHaveValue('maria');
  await type('Username or email', id === 1 ? 'maria' : 'paul');
  await type('Password', 'secret{Enter}');
}

describe('after a session that ended, there is again', () => {
  it.each(CASES)('$form', async ({ at, role = 'user', call, fill, send, asLeft }) => {
    const user = { ...account, role };
    serve({ ...answers, 'GET /auth/me': () => json(user), 'POST /auth/login': () => json({ access_token: 'fresh', token_type: 'bearer', user }), [call]: refused });
    signIn(role);
    const router = show(routes, at);
    await fill();
    await send();
    await signInAgain();
    await asLeft();
    const { pathname, search } = router.state.location;
    expect(pathname + search).toBe(at);
  });
});

describe('what is never kept', () => {
  const open = (at: string, calls: Parameters<typeof serve>[0]) => {
    let id = 1;
    const who = () => ({ ...account, id, role: 'user' as const });
    serve({
      ...answers,
      'GET /auth/me': () => json(who()),
      'POST /auth/login': async (request) => {
        const { username } = (await request.json()) as { username: string };
        id = username === 'maria' ? 1 : 2;
        return json({ access_token: 'fresh', token_type: 'bearer', user: who() });
      },
      ...calls,
    });
    signIn();
    return show(routes, at);
  };

  it('is a password', async () => {
    open('/settings', { 'PUT /users/me': refused });
    await type('Current password', 'old secret');
    await type('New password', 'new secret');
    await press('Change password');
    await signInAgain();
    await has('New password', '');
    expect(JSON.stringify(Object.entries(sessionStorage))).not.toContain('secret');
  });

  it('is what somebody else typed', async () => {
    open('/customers', { 'POST /profiles/': refused });
    await press('New customer');
    await type('Name', 'Tea room');
    await press('Save customer');
    await signInAgain(2);
    expect(await screen.findByText('Corner shop')).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await press('New customer');
    await has('Name', '');
  });

  it('is a dialog of a page that was left', async () => {
    const router = open('/history', {});
    await press('Delete');
    await type('Type delete to confirm', 'delete');
    await router.navigate('/profile');
    expect(await screen.findByLabelText('Full name')).toBeVisible();
    await router.navigate('/history');
    await screen.findByRole('heading', { name: '1 prediction' });
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});

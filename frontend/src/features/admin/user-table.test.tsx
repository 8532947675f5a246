import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { session, useSession, type Role } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import { UserTable } from './components/user-table';

function Guarded() {
  return useSession().token === null ? null : <UserTable />;
}

function open() {
  signIn('admin');
  let { user } = sample;
  const list = () => json({ users: [user], total: 1, total_predictions: 0, total_profiles: 0 });
  const calls = serve({
    'GET /admin/users': list,
    'PUT /admin/users/2/role': async (request) => json((user = { ...user, ...((await request.json()) as Pick<typeof user, 'role'>) })),
    'PUT /admin/users/2/toggle-active': () => json((user = { ...user, is_active: !user.is_active })),
    'DELETE /admin/users/2': () => json({ message: 'User deleted successfully' }),
  });
  show([{ path: '/', element: <Guarded /> }]);
  return calls;
}

const choose = async (item: string): Promise<void> => {
  await userEvent.click(await screen.findByRole('button', { name: 'Actions for paul' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
};

describe('an undo', () => {
  it('gives the role before back', async () => {
    const calls = open();
    await userEvent.selectOptions(await screen.findByLabelText('Role of paul'), 'analyst');
    expect(await screen.findByText('paul is now analyst')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(screen.getByLabelText('Role of paul')).toHaveValue('user'));
    expect(calls.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('is of the last change alone, where one replaced the other', async () => {
    open();
    await choose('Deactivate');
    expect(await screen.findByText('paul is deactivated and signed out')).toBeVisible();
    await choose('Activate');
    expect(await screen.findByText('paul is active')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Undo' })).toHaveLength(1);
  });

  it('goes with the account that it was of', async () => {
    open();
    await userEvent.selectOptions(await screen.findByLabelText('Role of paul'), 'analyst');
    expect(await screen.findByText('paul is now analyst')).toBeVisible();
    await choose('Delete');
    await userEvent.type(screen.getByLabelText('Type paul to confirm'), 'paul{Enter}');
    expect(await screen.findByText('paul is deleted')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });

  it('goes with who could have taken it back', async () => {
    open();
    await choose('Deactivate');
    expect(await screen.findByRole('button', { name: 'Undo' })).toBeVisible();
    act(() => session.end('left'));
    expect(screen.queryByText('paul is deactivated and signed out')).not.toBeInTheDocument();
  });
});

describe('several users', () => {
  const users = ['ann', 'bob', 'cem', 'dan'].map((username, index) => ({ ...sample.user, id: index + 2, username }));
  const opened = (change: (body: { ids: number[]; role: Role }) => unknown) => {
    signIn('admin');
    const calls = serve({
      'GET /admin/users': () => json({ users, total: users.length, total_predictions: 0, total_profiles: 0 }),
      'PUT /admin/users/2/role': async (request) => json(Object.assign(users[0] ?? {}, await request.json())),
      'POST /admin/users/changes': async (request) => json(change((await request.json()) as { ids: number[]; role: Role })),
    });
    show([{ path: '/', element: <Guarded /> }]);
    return calls;
  };

  it('that cannot be changed are all named, each reason once', async () => {
    opened(({ ids }) => ({ changed: [], unchanged: ids.map((id) => ({ id, code: 'gone', detail: id === 5 ? 'The built-in account' : 'There is no such user' })) }));
    await userEvent.click(await screen.findByLabelText('Select all on this page'));
    await userEvent.click(screen.getByRole('button', { name: 'Deactivate' }));
    expect(await screen.findByText('ann, bob, cem: There is no such user')).toBeVisible();
    expect(screen.getByText('dan: The built-in account')).toBeVisible();
  });

  it('get the role back that each had just before', async () => {
    const calls = opened(({ ids, role }) => ({ changed: users.filter(({ id }) => ids.includes(id)).map((user) => Object.assign(user, { role })), unchanged: [] }));
    await userEvent.click(await screen.findByLabelText('Select ann'));
    await userEvent.selectOptions(screen.getByLabelText('Role of ann'), 'analyst');
    expect(await screen.findByText('ann is now analyst')).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Role of ann')).toHaveValue('analyst'));
    await userEvent.selectOptions(screen.getByLabelText('Role of the selected users'), 'admin');
    expect(await screen.findByText('1 user is now admin')).toBeVisible();
    await userEvent.click(screen.getAllByRole('button', { name: 'Undo' }).at(-1) ?? document.body);
    await waitFor(() => expect(users[0]?.role).toBe('analyst'));
    expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });
});

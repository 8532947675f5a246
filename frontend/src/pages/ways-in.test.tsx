import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { json, serve, show } from '@/testing/bench';
import * as sample from '@/testing/samples';
import HomePage from './home';
import LoginPage from './login';
import RegisterPage from './register';

const pages = [
  { path: '/', element: <HomePage /> },
  { path: '/login', element: <LoginPage /> },
  { path: '/register', element: <RegisterPage /> },
];
const open = (at: string, answers: Parameters<typeof serve>[0] = {}) => {
  const calls = serve({ 'GET /api/v1/': () => json({ registration: 'invitation', sign_in_provider: null }), 'GET /api/v1/example': () => json(sample.example), ...answers });
  show(pages, at);
  return calls;
};

describe('where accounts are made by invitation', () => {
  it.each([
    ['/', 'See who your customers are'],
    ['/login', 'Sign in'],
    ['/register', 'Create an account'],
  ])('%s leads no one to a form that is refused', async (at, title) => {
    open(at);
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect.poll(() => screen.queryAllByRole('link', { name: 'Create an account' })).toEqual([]);
    await expect.poll(() => screen.queryAllByRole('button', { name: 'Create account' })).toEqual([]);
  });

  it('the link of an invitation makes the account that it is for', async () => {
    const calls = open('/register?invitation=secret', { 'POST /auth/register': () => json({ detail: 'This invitation has been used' }, 400) });
    expect(await screen.findByText(/You are invited/)).toBeVisible();
    await userEvent.type(screen.getByLabelText('Email'), 'maria@example.com');
    await userEvent.type(screen.getByLabelText('Username'), 'maria');
    await userEvent.type(screen.getByLabelText('Password'), 'long enough to keep');
    await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
    expect(await screen.findByText('This invitation has been used')).toBeVisible();
    expect(await calls.find(({ method }) => method === 'POST')?.json()).toMatchObject({ username: 'maria', invitation: 'secret' });
  });
});

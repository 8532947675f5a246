import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { json, serve, show } from '@/testing/bench';
import { session } from '@/lib/session';
import { LoginForm } from './components/login-form';
import { RegisterForm } from './components/register-form';

const user = { id: 1, username: 'maria', email: 'maria@example.com', role: 'user', must_change_password: false };

describe('signing in', () => {
  it('starts a session', async () => {
    serve({ 'POST /auth/login': () => json({ access_token: 'fresh', token_type: 'bearer', user }) });
    show([{ path: '/', element: <LoginForm /> }]);
    await userEvent.type(screen.getByLabelText('Username or email'), 'maria');
    await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}');
    await expect.poll(() => session.get().token).toBe('fresh');
  });

  it('repeats the server’s words when it is refused', async () => {
    serve({ 'POST /auth/login': () => json({ detail: 'Incorrect username or password' }, 401) });
    show([{ path: '/', element: <LoginForm /> }]);
    await userEvent.type(screen.getByLabelText('Username or email'), 'maria');
    await userEvent.type(screen.getByLabelText('Password'), 'wrong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Incorrect username or password');
    expect(screen.getByLabelText('Username or email')).toHaveValue('maria');
  });
});

describe('registering', () => {
  it('ticks the rules off while the password is typed', async () => {
    show([{ path: '/', element: <RegisterForm /> }]);
    const rule = screen.getByText(/At least 6 characters/);
    expect(rule).toHaveTextContent('not met yet');
    await userEvent.type(screen.getByLabelText('Password'), 'sixsix');
    expect(rule).toHaveTextContent(', met');
  });

  it('counts a long password in bytes, as the server does', async () => {
    show([{ path: '/', element: <RegisterForm /> }]);
    await userEvent.click(screen.getByLabelText('Password'));
    await userEvent.paste('ü'.repeat(37));
    await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
    expect(await screen.findByText(/Use at most 72 bytes/)).toBeVisible();
  });

  it('puts a taken name beside its field', async () => {
    serve({ 'POST /auth/register': () => json({ detail: 'This name belongs to someone else', code: 'username_taken', field: 'username' }, 400) });
    show([{ path: '/', element: <RegisterForm /> }]);
    await userEvent.type(screen.getByLabelText('Email'), 'maria@example.com');
    await userEvent.type(screen.getByLabelText('Username'), 'maria');
    await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}');
    expect(await screen.findByText('This name belongs to someone else')).toBeVisible();
    expect(screen.getByLabelText('Username')).toHaveFocus();
  });
});

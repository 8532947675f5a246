import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { show, signIn } from '@/testing/bench';
import { OpenShell } from './open-shell';

const routes = [{ element: <OpenShell />, children: [{ index: true, element: <p>the page</p> }] }];

describe('the bar of the first pages', () => {
  it('leads a visitor to the sign-in', () => {
    show(routes);
    expect(screen.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login');
  });

  it('does not, where someone signed in still owes a new password', () => {
    signIn('user', { must_change_password: true });
    show(routes);
    expect(screen.getByText('the page')).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Sign in' })).not.toBeInTheDocument();
  });
});

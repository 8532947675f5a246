import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { show } from '@/testing/bench';
import { Crash, lazyPart } from './parts';

function open(load: () => Promise<{ default: () => React.ReactNode }>): void {
  // React reports what a boundary caught; here it is meant to.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Page = lazyPart(load);
  show([{ path: '/', element: <Page />, errorElement: <Crash /> }]);
}

describe('a part that is fetched when it is shown', () => {
  it('is shown', async () => {
    open(() => Promise.resolve({ default: () => <p>the page</p> }));
    expect(await screen.findByText('the page')).toBeVisible();
  });

  it('waits for a server that is away, and does not reload into nothing', async () => {
    const asked = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')));
    vi.stubGlobal('fetch', asked);
    open(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module: /app/assets/page.js')));
    expect(await screen.findByText('The server is not responding')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again now' }));
    expect(asked).toHaveBeenCalledOnce();
    expect(screen.getByText('The server is not responding')).toBeVisible();
  });

  it('says what broke in it', async () => {
    open(() =>
      Promise.resolve({
        default: () => {
          throw new Error('No such column');
        },
      }),
    );
    expect(await screen.findByText('No such column')).toBeVisible();
  });
});

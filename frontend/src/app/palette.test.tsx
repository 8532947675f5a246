import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import Shell from './shell';

function open(role: Role, page = <p>the page</p>) {
  signIn(role);
  const calls = serve({
    'GET /api/v1/segmentations': () => json([sample.segmentation]),
    'GET /api/v1/datasets': () => json([{ ...sample.dataset, filename: 'kunden.csv' }]),
    'GET /api/v1/orders': () => json([sample.orders]),
  });
  return { calls, router: show([{ element: <Shell />, children: [{ path: '*', element: page }] }], '/start') };
}

describe('the palette', () => {
  it('opens by its keys, finds by a part of the name, and goes there by Enter', async () => {
    const { router } = open('analyst');
    await userEvent.keyboard('{Control>}k{/Control}');
    await screen.findByRole('option', { name: 'kunden.csv' });
    await userEvent.type(screen.getByRole('combobox'), 'kund');
    expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['kunden.csv', 'Find kund among the customers of Shop customers']);
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/datasets/1'));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('finds a customer among those of the segmentation used last', async () => {
    const { router } = open('user');
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByRole('combobox'), 'C 017');
    await userEvent.click(await screen.findByRole('option', { name: 'Find C 017 among the customers of Shop customers' }));
    await waitFor(() => expect(router.state.location.pathname + router.state.location.search).toBe('/segmentations/3/customers?q=C%20017'));
  });

  it('has nothing that its reader may not open, and asks for nothing of it', async () => {
    const { calls } = open('user');
    await userEvent.click(screen.getAllByRole('button', { name: /^Go to/ })[0] ?? document.body);
    await screen.findByRole('option', { name: 'Shop customers' });
    expect(screen.queryByRole('option', { name: 'Admin' })).not.toBeInTheDocument();
    expect(calls.map(({ url }) => new URL(url).pathname)).toEqual(['/api/v1/segmentations', '/api/v1/files']);
  });

  it('says where nothing has the name', async () => {
    open('analyst');
    await userEvent.keyboard('{Meta>}k{/Meta}');
    await userEvent.type(await screen.findByRole('combobox'), 'zzzz');
    expect(await screen.findByText('Nothing has this name.')).toBeVisible();
  });
});

describe('the keys', () => {
  it('are listed by a question mark', async () => {
    open('user');
    await userEvent.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toHaveTextContent('Search on this page');
  });

  it('lead to the page’s search, and type nothing there', async () => {
    open('user', <input type="search" aria-label="Search" />);
    await userEvent.keyboard('/');
    expect(screen.getByLabelText('Search')).toHaveFocus();
    await userEvent.keyboard('a/b?');
    expect(screen.getByLabelText('Search')).toHaveValue('a/b?');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});

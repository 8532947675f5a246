import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { API_URL } from '@/lib/client';
import { show } from '@/testing/bench';
import DocumentationPage from './documentation';

const open = () => show([{ path: '/', element: <DocumentationPage /> }]);
const commands = (title: string): string => screen.getByRole('region', { name: `Commands: ${title}` }).textContent;

describe('the documentation', () => {
  it('shows commands for this very server, each under a heading to jump to', () => {
    open();
    const links = within(screen.getByRole('navigation', { name: 'On this page' })).getAllByRole('link');
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) {
      const place = document.getElementById(link.getAttribute('href')?.slice(1) ?? '');
      expect(within(place ?? document.body).getByRole('heading', { name: link.textContent })).toBeVisible();
    }
    expect(commands('Upload a dataset')).toContain(`curl -s ${API_URL}/api/v1/datasets/upload`);
    expect(document.body).not.toHaveTextContent('localhost:8000');
    expect(commands('Place a customer in a segment')).not.toContain('#');
  });

  it('copies commands as they stand', async () => {
    const user = userEvent.setup();
    open();
    await user.click(screen.getByRole('button', { name: 'Copy: Describe the segments' }));
    expect(await screen.findByRole('button', { name: 'Copied: Describe the segments' })).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(commands('Describe the segments'));
  });

  it('selects them where the clipboard is out of reach', async () => {
    open();
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    await userEvent.click(screen.getByRole('button', { name: 'Copy: Describe the segments' }), { writeToClipboard: false });
    expect(await screen.findByRole('button', { name: 'Selected: Describe the segments' })).toBeVisible();
    expect(getSelection()?.toString()).toBe(commands('Describe the segments'));
  });
});

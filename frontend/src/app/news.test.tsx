import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { CopyLink } from '@/components/copy-link';
import { RecentList } from '@/components/recent';
import { Secret } from '@/components/secret';
import { JobProgress } from '@/features/runs';
import { refuseLongText } from '@/lib/long-text';
import { useNoteRecent, useRecent } from '@/lib/recent';
import { session } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import News from './news';

const job = (id: number, state: 'running' | 'succeeded' | 'failed', result: Record<string, unknown> | null = null) => ({ ...sample.training, id, kind: 'train', state, result, error: state === 'failed' ? 'Two rows are too few' : null });

describe('the end of long work', () => {
  const open = (answers: Record<string, ReturnType<typeof job>[]>) => {
    signIn('analyst');
    serve({ ...Object.fromEntries(Object.entries(answers).map(([id, states]) => [`GET /api/v1/jobs/${id}`, () => json(states.length > 1 ? states.shift() : states[0])])), 'GET /api/v1/jobs': () => json([]) });
    return show(
      Object.keys(answers).map((id) => ({ path: `/${id}`, element: <><News /><JobProgress id={Number(id)} /></> })).concat([{ path: '*', element: <><News /><p>another page</p></> }]),
      `/${Object.keys(answers)[0] ?? ''}`,
    );
  };

  it('is announced on another page, with a link to what was made', async () => {
    const router = open({ 21: [job(21, 'running'), job(21, 'succeeded', { run_id: 8, segmentation_id: 3, version: 1 })] });
    expect(await screen.findByText(/You can leave this page/)).toBeVisible();
    await act(() => router.navigate('/history'));
    expect(await screen.findByText('The segments are ready', {}, { timeout: 5000 })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(router.state.location.pathname).toBe('/segmentations/3');
  });

  it('leads to an analysis, whose answer is no part of its job', async () => {
    const analysis = (state: 'running' | 'succeeded') => ({ ...job(24, state, state === 'running' ? null : {}), kind: 'analyze' });
    const router = open({ 24: [analysis('running'), analysis('succeeded')] });
    expect(await screen.findByText(/You can leave this page/)).toBeVisible();
    await act(() => router.navigate('/history'));
    expect(await screen.findByText('The analysis is ready', {}, { timeout: 5000 })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(router.state.location.pathname).toBe('/analyses/24');
  });

  it('says why it failed', async () => {
    const router = open({ 22: [job(22, 'running'), job(22, 'failed')] });
    expect(await screen.findByText(/You can leave this page/)).toBeVisible();
    await act(() => router.navigate('/history'));
    expect(await screen.findByText('The work failed: Two rows are too few', {}, { timeout: 5000 })).toBeVisible();
  });

  it('is notified by the browser only where it was asked for on a click', async () => {
    const asked = vi.fn(() => Promise.resolve('granted' as const));
    const notified = vi.fn();
    const browsers = Object.assign(
      function Notification(...about: unknown[]) {
        notified(...about);
      },
      { permission: 'default', requestPermission: asked },
    );
    vi.stubGlobal('Notification', browsers);
    let answer = job(23, 'running');
    signIn('analyst');
    serve({ 'GET /api/v1/jobs/23': () => json(answer), 'GET /api/v1/jobs': () => json([]) });
    show([{ path: '/', element: <><News /><JobProgress id={23} /></> }]);
    await userEvent.click(await screen.findByRole('button', { name: 'Notify me' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Notify me' })).not.toBeInTheDocument());
    expect(asked).toHaveBeenCalledTimes(1);
    browsers.permission = 'granted';
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    answer = job(23, 'succeeded', { run_id: 8 });
    await waitFor(() => expect(notified).toHaveBeenCalledWith('Customer Segmentation', expect.objectContaining({ body: 'The segments are ready' })), { timeout: 5000 });
  });
});

describe('what was opened last', () => {
  function Opened({ title }: { title: string }) {
    useNoteRecent('table', `/datasets/${title}`, title);
    return <RecentList things={useRecent()} />;
  }

  it('is listed newest first and once, and is forgotten when its reader signs out', () => {
    signIn('analyst');
    show([{ path: '/', element: <><Opened title="b.csv" /><Opened title="a.csv" /></> }]);
    // Each of the two lists has both, the last one first.
    expect(screen.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['a.csv', 'b.csv', 'a.csv', 'b.csv']);
    expect(screen.getAllByRole('link', { name: 'a.csv' })[0]).toHaveAttribute('href', '/datasets/a.csv');
    expect(localStorage.getItem('segmentation.recent')).toContain('a.csv');
    act(() => session.end('left'));
    expect(localStorage.getItem('segmentation.recent')).toBeNull();
    expect(screen.queryByRole('link', { name: 'a.csv' })).not.toBeInTheDocument();
  });
});

describe('what is gone', () => {
  function Gone({ to, title }: { to: string; title: string | null }) {
    useNoteRecent('segmentation', to, title);
    return <RecentList things={useRecent()} />;
  }

  it('is led to no more, nor is what was within it', async () => {
    signIn('analyst');
    const noted = ['/segmentations/3', '/segmentations/3/customers/C1', '/segmentations/31'].map((to) => <Gone key={to} to={to} title={to} />);
    const router = show([{ path: '/', element: noted }, { path: '/gone', element: <Gone to="/segmentations/3" title={null} /> }]);
    expect(screen.getAllByRole('link')).toHaveLength(9);
    await act(() => router.navigate('/gone'));
    expect(screen.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['/segmentations/31']);
  });
});

describe('the link of a page', () => {
  it('is copied with all that was chosen there', async () => {
    const user = userEvent.setup();
    show([{ path: '/', element: <CopyLink /> }]);
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(await screen.findByText('The link is copied')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(window.location.href);
  });
});

describe('what is shown once', () => {
  it('is selected by hand where the clipboard is out of reach', async () => {
    const user = userEvent.setup();
    vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue(undefined as unknown as Clipboard);
    show([{ path: '/', element: <Secret label="API key">cs_1</Secret> }]);
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText(/Select the text and copy it/)).toBeVisible();
  });
});

describe('very long text', () => {
  it('is kept out of fields, and shorter text is not', () => {
    const refused = vi.fn();
    const stop = refuseLongText(refused);
    show([{ path: '/', element: <textarea aria-label="Note" /> }]);
    const paste = (text: string): boolean => {
      const event = new Event('paste', { bubbles: true, cancelable: true });
      Object.assign(event, { clipboardData: { getData: () => text } });
      return fireEvent(screen.getByLabelText('Note'), event);
    };
    expect(paste('a'.repeat(1000))).toBe(true);
    expect(paste('a'.repeat(1_000_000))).toBe(false);
    expect(refused).toHaveBeenCalledExactlyOnceWith(1_000_000);
    stop();
  });
});

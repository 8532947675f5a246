import { createEvent, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { session } from '@/lib/session';
import { json, serve, show, signIn } from '@/testing/bench';
import * as sample from '@/testing/samples';
import AnalysisPage from './analysis';
import HomePage from './home';
import StartPage from './start';

vi.mock('@/charts/engine', () => ({ default: () => null }));

const TABLE = 'id\tage\n1\t34\n2\t61\n';
const job = { ...sample.training, id: 12, kind: 'analyze', phase: 'finding segments', percent: 40 };
const nothing = {
  'GET /api/v1/jobs': () => json([]),
  'GET /api/v1/segmentations': () => json([sample.core]),
  'GET /api/v1/example': () => json(sample.example),
  'GET /api/v1/files/limits': () => json(sample.fileLimits),
};
const pages = [
  { path: '/', element: <HomePage /> },
  { path: '/register', element: <p>the registration</p> },
  { path: '/start', element: <StartPage /> },
  { path: '/analyses/:analysis', element: <AnalysisPage /> },
  { path: '/datasets/:dataset', element: <p>the table</p> },
  { path: '/orders/:orders', element: <p>the orders</p> },
];

/** A paste anywhere on the page, as a spreadsheet puts its cells on the clipboard. */
function paste(text: string, at: Element = document.body): void {
  const event = createEvent.paste(at, { clipboardData: { getData: () => text, files: [] } });
  fireEvent(at, event);
}

/** Takes uploads in the server's place, which go another way than the other calls. */
function takeUploads(answer: unknown, status = 201) {
  const sent: { path: string; file: File }[] = [];
  class Upload {
    upload = {};
    status = status;
    responseText = JSON.stringify(answer);
    onload: () => void = () => undefined;
    path = '';
    open = (_method: string, url: string): void => {
      this.path = new URL(url).pathname;
    };
    setRequestHeader = (): void => undefined;
    getResponseHeader = (): null => null;
    send = (form: FormData): void => {
      sent.push({ path: this.path, file: form.get('file') as File });
      this.onload();
    };
  }
  vi.stubGlobal('XMLHttpRequest', Upload);
  return sent;
}

describe('the start, for those who keep tables', () => {
  it('takes cells that are pasted anywhere, and leads to their reading', async () => {
    signIn('analyst');
    serve(nothing);
    const sent = takeUploads(sample.dataset);
    show(pages, '/start');
    paste(TABLE);
    expect(await screen.findByText('the table')).toBeVisible();
    expect(sent[0]?.path).toBe('/api/v1/datasets/upload');
    expect(sent[0]?.file.name).toMatch(/^pasted-\d{4}-\d\d-\d\d\.csv$/);
    expect(await sent[0]?.file.text()).toBe(TABLE);
  });

  it('does not put what is pasted into its field', async () => {
    signIn('analyst');
    serve(nothing);
    takeUploads({ detail: 'The table has no rows' }, 422);
    show(pages, '/start');
    await userEvent.click(screen.getByRole('button', { name: 'Paste from a spreadsheet' }));
    paste(TABLE, screen.getByLabelText('Paste your table here'));
    expect(await screen.findByText('The table has no rows')).toBeVisible();
    expect(screen.getByLabelText('Paste your table here')).toHaveValue('');
  });

  it('leads to orders where a file is too large for a table', async () => {
    signIn('analyst');
    serve(nothing);
    takeUploads({ detail: 'The file is larger than 100 MB' }, 413);
    show(pages, '/start');
    paste(TABLE);
    expect(await screen.findByRole('link', { name: 'Orders may be larger: drop them there' })).toHaveAttribute('href', '/orders');
  });

  it('has an example of each kind', async () => {
    signIn('analyst');
    serve(nothing);
    const sent = takeUploads(sample.orders);
    show(pages, '/start');
    await userEvent.click(screen.getByRole('button', { name: 'Example orders' }));
    expect(await screen.findByText('the orders')).toBeVisible();
    expect(sent[0]?.path).toBe('/api/v1/orders/upload');
  });

  it('goes on with what was found before, and shows an example where nothing was', async () => {
    signIn('analyst');
    let found = [sample.segmentation, sample.core];
    serve({ ...nothing, 'GET /api/v1/segmentations': () => json(found) });
    const router = show(pages, '/start');
    expect(await screen.findByRole('link', { name: 'Shop customers' })).toHaveAttribute('href', '/segmentations/3');
    expect(screen.getByText('These customers form distinct groups.')).toBeVisible();
    expect(screen.queryByText('An example')).not.toBeInTheDocument();
    found = [sample.core];
    await router.navigate('/orders/1');
    show(pages, '/start');
    expect(await screen.findByText('An example')).toBeVisible();
  });
});

describe('the start, for those who do not', () => {
  it('takes any table as a file of one’s own, and says for how long', async () => {
    signIn('user');
    serve(nothing);
    const sent = takeUploads(sample.dataset);
    show(pages, '/start');
    expect(await screen.findByText(/up to 50,000 rows and 50 MB/)).toHaveTextContent('Only you and administrators can see your file and its segments; both are deleted after 30 days.');
    fireEvent.drop(screen.getByText('Drop your customers or your orders'), { dataTransfer: { files: [new File(['PK'], 'kunden.xlsx')] } });
    expect(await screen.findByText('the table')).toBeVisible();
    expect(sent.map(({ path, file }) => [path, file.name])).toEqual([['/api/v1/files', 'kunden.xlsx']]);
  });

  it('brings the example of orders in the same way', async () => {
    signIn('user');
    serve(nothing);
    const sent = takeUploads(sample.dataset);
    show(pages, '/start');
    await userEvent.click(screen.getByRole('button', { name: 'Example orders' }));
    expect(await screen.findByText('the table')).toBeVisible();
    expect(sent[0]?.path).toBe('/api/v1/files');
  });

  it('offers nothing that they may not do where a file is too large', async () => {
    signIn('user');
    serve(nothing);
    takeUploads({ detail: 'The table has 90,000 rows' }, 413);
    show(pages, '/start');
    paste(TABLE);
    expect(await screen.findByText('The table has 90,000 rows')).toBeVisible();
    expect(screen.queryByRole('link', { name: /Orders/ })).not.toBeInTheDocument();
  });
});

const RECORDS = JSON.stringify([{ id: 1, age: 34 }, { id: 2, age: 61 }]);

describe('records of JSON', () => {
  const answers = { ...nothing, 'POST /api/analyze': () => json(job, 202), 'GET /api/v1/jobs/12': () => json(job) };

  function drop(text = RECORDS): void {
    fireEvent.drop(screen.getByText('Drop your customers or your orders'), { dataTransfer: { files: [new File([text], 'kunden.json', { type: 'application/json' })] } });
  }

  it('are analysed as they are, and it is shown how far that is', async () => {
    signIn('user');
    const calls = serve(answers);
    const router = show(pages, '/start');
    drop();
    expect(await screen.findByText('40%')).toBeVisible();
    expect(router.state.location.pathname).toBe('/analyses/12');
    const asked = calls.find(({ method }) => method === 'POST');
    expect(asked?.headers.get('Prefer')).toBe('respond-async');
    expect(await asked?.json()).toMatchObject({ customerData: [{ id: 1, age: 34 }, { id: 2, age: 61 }], options: { algorithm: 'auto', validate: true } });
  });

  it('are on their way until the server has them, which is said', async () => {
    signIn('user');
    serve({ ...answers, 'POST /api/analyze': () => new Promise<Response>(() => undefined) });
    show(pages, '/start');
    drop();
    expect(await screen.findByText('Sending the records and checking them')).toBeVisible();
  });

  it('may be something else than customers, which is asked', async () => {
    signIn('user');
    const refusal = { detail: [{ loc: ['body', 'options', 'oneRowIs'], msg: 'The rows are orders', type: 'rows_are_not_customers' }] };
    let answer = json(refusal, 422);
    const calls = serve({ ...answers, 'POST /api/analyze': () => answer });
    show(pages, '/start');
    drop();
    expect(await screen.findByText('The rows are orders')).toBeVisible();
    answer = json(job, 202);
    await userEvent.click(screen.getByRole('button', { name: 'Each row is a customer' }));
    expect(await screen.findByText('40%')).toBeVisible();
    expect(await calls.findLast(({ method }) => method === 'POST')?.json()).toMatchObject({ options: { oneRowIs: 'customer' } });
  });

  it('may be too many, which is said in words of this page', async () => {
    signIn('user');
    const refusal = { detail: [{ loc: ['body', 'customerData'], msg: '90,000 records; upload more as a dataset: POST /api/v1/datasets/upload', type: 'too_many_records' }] };
    serve({ ...answers, 'POST /api/analyze': () => json(refusal, 422) });
    show(pages, '/start');
    drop();
    expect(await screen.findByText(/more records than can be analysed at once/)).toBeVisible();
    expect(screen.queryByText(/POST/)).not.toBeInTheDocument();
  });

  it('wait when a session ends', async () => {
    signIn('user');
    let answer = json({ detail: 'Could not validate credentials' }, 401);
    const calls = serve({ ...answers, 'POST /api/analyze': () => answer });
    const router = show(pages, '/start');
    drop();
    expect(await screen.findByText('Could not validate credentials')).toBeVisible();
    expect(session.get().ended).toBe('expired');
    await router.navigate('/register');
    expect(await screen.findByText('the registration')).toBeVisible();
    answer = json(job, 202);
    signIn('user');
    await router.navigate('/start');
    expect(await screen.findByText('40%')).toBeVisible();
    expect(await calls.findLast(({ method }) => method === 'POST')?.json()).toMatchObject({ customerData: [{ id: 1, age: 34 }, { id: 2, age: 61 }] });
  });
});

describe('an analysis', () => {
  const advised = { 'POST /api/recommendations': () => json(sample.recommendations) };
  const succeeded = { ...advised, 'GET /api/v1/jobs/12': () => json({ ...job, state: 'succeeded' }), 'GET /api/analyses/12': () => json(sample.analysis) };

  it('says whether the segments are real, what they are, what to do and what matters', async () => {
    signIn();
    const calls = serve(succeeded);
    show(pages, '/analyses/12');
    expect(await screen.findByRole('heading', { name: '1 segment of 60 customers' })).toBeVisible();
    expect(screen.getByText('Real groups')).toBeVisible();
    expect(screen.getByText('2 rows are alike')).toBeVisible();
    expect(screen.getByText('Not used: id (an identifier).')).toBeVisible();
    const card = screen.getByRole('heading', { name: 'High Income' }).closest('li');
    expect(card).toHaveTextContent('20 customers33%');
    expect(card).toHaveTextContent('Higher income bracket (91,325 against 46,325)');
    expect(card).toHaveTextContent('This segment comes back almost unchanged.');
    expect(screen.getByText('Present the upper price range to "High Income".')).toBeVisible();
    expect(screen.getByText('56%')).toBeVisible();
    expect(screen.getByText('A small decision tree on these columns places 100% of each segment’s customers correctly')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'One rule per segment' })).toBeVisible();
    expect(screen.getByText('income above 70,000')).toBeVisible();
    expect(screen.getByText('98% of the customers it selects belong to the segment; it finds 95% of the segment')).toBeVisible();
    expect(await calls.find(({ url }) => url.endsWith('/recommendations'))?.json()).toEqual({ analysis: sample.analysis });
  });

  it('that was known already is shown at once', async () => {
    signIn();
    serve({ ...nothing, ...advised, 'POST /api/analyze': () => json(sample.analysis) });
    show(pages, '/start');
    paste('[\n{"age": 34}, {"age": 61}]');
    expect(await screen.findByRole('heading', { name: '1 segment of 60 customers' })).toBeVisible();
  });

  it('can be taken away, each customer with its segment', async () => {
    signIn();
    const content = vi.fn<(file: Blob) => string>(() => 'blob:it');
    Object.assign(URL, { createObjectURL: content, revokeObjectURL: () => undefined });
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    const clusters = sample.analysis.clusters.map((cluster) => ({ ...cluster, customers: [{ name: '=Max', income: 91_000 }], confidence: [88] }));
    serve({ ...succeeded, 'GET /api/analyses/12': () => json({ ...sample.analysis, clusters }) });
    show(pages, '/analyses/12');
    await userEvent.click(await screen.findByRole('button', { name: 'Download CSV' }));
    expect(names).toEqual([expect.stringMatching(/^60-customers-1-segment-\d{4}-\d\d-\d\d\.csv$/)]);
    expect(await content.mock.calls[0]?.[0].text()).toBe("name,income,segment,confidence\r\n'=Max,91000,High Income,88\r\n");
  });

  it('that is gone, or failed, says so and leads on', async () => {
    signIn();
    let answer = json({ detail: 'Job not found' }, 404);
    serve({ ...nothing, 'GET /api/v1/jobs/12': () => answer });
    show(pages, '/analyses/12');
    expect(await screen.findByText('This analysis is not kept any more')).toBeVisible();
    answer = json({ ...job, state: 'failed', error: 'All customers are alike' });
    show(pages, '/analyses/12');
    expect(await screen.findByText('All customers are alike')).toBeVisible();
    expect(screen.getAllByRole('link', { name: 'Another table' })[0]).toHaveAttribute('href', '/start');
  });
});

describe('a visitor’s file', () => {
  it('waits until they have signed in', async () => {
    serve(nothing);
    const sent = takeUploads(sample.dataset);
    const router = show(pages, '/');
    fireEvent.drop(screen.getByText('Drop your customers or your orders'), { dataTransfer: { files: [new File([TABLE], 'kunden.csv', { type: 'text/csv' })] } });
    expect(await screen.findByText('the registration')).toBeVisible();
    signIn('user');
    await router.navigate('/start');
    await waitFor(() => expect(router.state.location.pathname).toBe('/datasets/1'));
    expect(sent[0]?.file.name).toBe('kunden.csv');
  });
});

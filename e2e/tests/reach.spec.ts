import { callApi, enterAs, expect, makePerson, test, uploadTable, API } from './bench';

const SHOP = `id;turnover;visits;region\n${Array.from({ length: 60 }, (_, row) => `${row};${(row % 3) * 400 + (row % 7)};${(row % 3) * 9 + (row % 2)};${'NSW'[row % 3]}`).join('\n')}\n`;

/** What a page says where there is nothing for its reader. */
const CLOSED = /You do not have access|not found|does not exist|could not be (loaded|opened|displayed)/i;
/** Doors of the API, which are for programs. */
const DOORS = /\b(GET|POST|PUT|PATCH|DELETE) \//;
/** Controls that a user does not have. */
const OTHERS = /Share with the team|Train a new|Model versions|Activate|Invite someone|Drop orders here/;

test('every link that a user sees leads to a page that they have, and no page names what they have not', { tag: '@once' }, async ({ page, request }) => {
  test.setTimeout(300_000);
  const analyst = await makePerson('analyst');
  const table = (await uploadTable(analyst, 'team.csv', SHOP)) as { id: number };
  await callApi(analyst, 'post', '/api/v1/segmentations', { dataset_id: table.id, name: 'The team’s', visibility: 'team', n_clusters: 3 });
  const person = await makePerson('user');
  const sent = await request.post(`${API}/api/v1/files`, { headers: { Authorization: `Bearer ${person.token}` }, multipart: { file: { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(SHOP) } } });
  const file = (await sent.json()) as { id: number };
  await callApi(person, 'post', '/api/v1/files/train', { dataset_id: file.id, n_clusters: 3 });
  await callApi(person, 'post', '/predict', { sex: 'Female', age: 34, annual_income: 65.5, spending_score: 72, purchase_frequency: 18 });
  await enterAs(page, person);
  const waiting = ['start', 'dashboard', 'history', 'customers', 'datasets', 'segmentations', 'settings', 'profile'];
  const kindOf = (path: string): string => path.replace(/\?.*$/, '').replace(/(customers|segments)\/[^/]+/, '$1/:one');
  const seen = new Set(waiting.map(kindOf));
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    await page.goto(path);
    await expect(page.locator('main h1')).toBeVisible();
    await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
    // Its cards come in a part of their own, after the page.
    if (/^segmentations\/\d+$/.test(path)) await expect(page.locator('main a[href*="/segments/"]').first()).toBeVisible();
    const text = await page.locator('body').innerText();
    expect(text, path).not.toMatch(CLOSED);
    // Manuals are for every role, and say which.
    if (!/^(docs|guide)/.test(path)) {
      expect(text, path).not.toMatch(DOORS);
      expect(text, path).not.toMatch(OTHERS);
    }
    const links = await page.locator('a[href^="/app/"]').evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).getAttribute('href') ?? ''));
    for (const link of links) {
      const next = link.replace('/app/', '').replace(/#.*$/, '');
      if (next === '' || seen.has(kindOf(next))) continue;
      seen.add(kindOf(next));
      waiting.push(next);
    }
  }
  // The walk came to the last rooms, and did not stop at the first.
  expect([...seen].join(' ')).toMatch(/segmentations\/\d+\/segments\/:one/);
});

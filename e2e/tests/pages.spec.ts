/** Every page, at both widths and in both themes: it fits, it can be used by all, it is quiet. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { callApi, enterAs, expect, makePerson, test, uploadTable, type Person } from './bench';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const OPEN = ['', 'login', 'register', 'admin/login', 'docs', 'guide', 'guide/how-to-read', 'guide/words', 'guide?q=drift', 'about', 'no-such-page'];
const SIGNED_IN = ['dashboard', 'history', 'customers', 'start', 'segmentations', 'segmentations/core', 'segmentations/core/versions', 'datasets', 'orders', 'profile', 'settings', 'models', 'models/1', 'admin', 'admin?view=statistics'];

async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // @ts-expect-error -- put on the page by the line before
    const { violations } = (await window.axe.run(document, { resultTypes: ['violations'] })) as {
      violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
    };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
  });
}

async function look(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${path} does not scroll sideways`).toBeLessThanOrEqual(0);
  expect(await seriousFindings(page), `${path} has no serious finding`).toEqual([]);
}

let admin: Person;
let ofTheTable: string[];
let ofTheOrders: string[];

/** A table and two segmentations of it, for the pages that show one. */
async function segmentTable(person: Person): Promise<string[]> {
  const rows = Array.from({ length: 60 }, (_, index) => `${20 + (index % 3) * 20 + (index % 5)};${30 + (index % 3) * 30 + (index % 7)};${index % 2 ? 'North' : 'South'}`);
  const name = 'a-table-with-a-name-that-is-longer-than-any-column-would-ever-be.csv';
  const dataset = (await uploadTable(person, name, `age;a_column_with_a_name_that_never_ends_until_it_does;region\n${rows.join('\n')}\n`)) as { id: number };
  const runs: number[] = [];
  for (const n_clusters of [3, 12]) {
    const run = (await callApi(person, 'post', '/api/v1/clustering/train', { dataset_id: dataset.id, algorithm: 'hierarchical', n_clusters, validate: false })) as { run_id: number };
    runs.push(run.run_id);
  }
  const [found] = (await callApi(person, 'get', '/api/v1/segmentations?sort=-updated_at')) as [{ id: number; active_version: { segments: { lasting_id: number }[] } }];
  return [`datasets/${dataset.id}`, ...runs.map((run) => `runs/${run}`), ...['', 'usefulness', 'versions?compare=1', 'place', 'customers', 'customers/1', `segments/${found.active_version.segments[0]?.lasting_id}`].map((view) => `segmentations/${found.id}/${view}`), `compare?a=${runs[0]}&b=${runs[1]}`];
}

/** Orders and their customers; too few for a forecast, which is said. */
async function groupOrders(person: Person): Promise<string[]> {
  const lines = Array.from({ length: 240 }, (_, index) => `${1000 + index},C${(index * 7) % 31},2026-${String(1 + (index % 6)).padStart(2, '0')}-${String(1 + (index % 27)).padStart(2, '0')},${5 + (index % 40)}.50`);
  const table = (await uploadTable(person, 'orders.csv', `order_id,customer_id,order_date,amount\n${lines.join('\n')}\n`)) as { id: number };
  const { id } = (await callApi(person, 'post', `/api/v1/orders/from-dataset/${table.id}`)) as { id: number };
  await callApi(person, 'post', `/api/v1/orders/${id}/snapshots`, {});
  return ['', '/customers', '/rfm', '/overdue', '/cohorts', '/movement'].map((view) => `orders/${id}${view}`);
}

test.beforeAll(async () => {
  admin = await makePerson('admin');
  ofTheTable = await segmentTable(admin);
  ofTheOrders = await groupOrders(admin);
  await callApi(admin, 'post', '/predict', { sex: 'Male', age: 40, annual_income: 60, spending_score: 50, purchase_frequency: 12 });
  await callApi(admin, 'post', '/profiles/', { name: 'A customer whose name is far longer than any column would ever be', notes: 'A note' });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('pages for everyone', async ({ page }) => {
      for (const path of OPEN) await look(page, path);
    });

    test('pages for the signed-in', async ({ page }) => {
      await enterAs(page, admin);
      for (const path of SIGNED_IN) await look(page, path);
    });

    test('orders and what is made of them', async ({ page }) => {
      await enterAs(page, admin);
      for (const path of ofTheOrders) await look(page, path);
    });

    test('a table, its segmentations and their comparison', async ({ page }) => {
      await enterAs(page, admin);
      for (const path of ofTheTable) await look(page, path);
      await expect(page.getByText('3 segments are split into 12, and nobody goes elsewhere.')).toBeVisible();
    });
  });
}

/**
 * A segmentation lasts, on any table: from a file to segments that are named, looked into, used, retrained on
 * changed data, compared, activated, rolled back and taken away.
 *
 * The first rows of each table keep it quick; `npm run journeys` takes whole tables.
 */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Download, Locator, Page } from '@playwright/test';
import { enterAs, expect, makePerson, test, uploadTable, type Person } from './bench';

const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const ROWS = Number(process.env.JOURNEY_ROWS ?? 400);
const NAMES = ['Starters', 'Regulars'];

interface Source {
  file: string;
  /** Lines above the first customer. */
  header: 0 | 1;
  /** How many lines make as many customers as others have rows. */
  linesEach?: number;
  /** A new version does not know all segments again, and says so: no column names the customers, or they are other ones. */
  isForgotten?: boolean;
  /** What the file does not say of its dates. */
  dates?: 'day_first';
}
const TABLES: readonly Source[] = [
  { file: 'wholesale_customers.csv', header: 1, isForgotten: true },
  { file: 'telco_churn.csv', header: 1 },
  { file: 'bank_additional_semicolon.csv', header: 1, isForgotten: true },
  { file: 'marketing_campaign_semicolon_bom.csv', header: 1 },
];
const ORDERS: readonly Source[] = [
  { file: 'cdnow_sample.csv', header: 0, linesEach: 3 },
  { file: 'online_retail_semicolon_decimalcomma_bom.csv', header: 1, linesEach: 8, dates: 'day_first', isForgotten: true },
];

/** What there is at first, and what there is later: some of it is gone, some is new. */
function cut(path: string, { header, linesEach = 1 }: Omit<Source, 'file'>): { first: string; later: string; newer: string } {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/).filter((line) => line !== '');
  const [above, rows] = [lines.slice(0, header), lines.slice(header)];
  const size = Math.min(ROWS * linesEach, Math.ceil(rows.length * 0.8));
  const moved = Math.ceil(size / 5);
  const file = (part: readonly string[]): string => [...above, ...part, ''].join('\n');
  return { first: file(rows.slice(0, size)), later: file(rows.slice(moved, size + moved)), newer: file(rows.slice(size, size + moved)) };
}

const asFile = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const contentOf = async (download: Download): Promise<Buffer> => readFileSync(await download.path());
const cardsOf = (page: Page): Locator => page.getByRole('region', { name: /what sets each one apart/ });
const open = (page: Page, view: string): Promise<void> => page.getByRole('navigation', { name: 'Pages of this segmentation' }).getByRole('link', { name: view, exact: true }).click();

async function takeAway(page: Page, button: string, item: RegExp): Promise<Download> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  return download;
}

/** On the page of a table: three segments, without asking whether they are real. */
async function findSegments(page: Page): Promise<void> {
  await page.getByText('Settings, and which columns').click();
  await page.getByLabel('Number of segments').selectOption('3');
  await page.getByLabel('Check whether they are real').selectOption('no');
  await page.getByRole('button', { name: 'Find segments', exact: true }).click();
  await expect(page).toHaveURL(/segmentations\/\d+/, { timeout: 60_000 });
}

async function renameTwo(page: Page): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    await cardsOf(page).getByRole('button', { name: /^Rename / }).nth(index).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.keyboard.press('Enter');
    await expect(cardsOf(page).getByRole('link', { name, exact: true })).toBeVisible();
  }
}

/** One segment, its customers, one of them; and a file of some, as they are listed. */
async function lookInto(page: Page): Promise<string> {
  await cardsOf(page).getByRole('link', { name: NAMES[0] ?? '', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'What sets it apart' })).toBeVisible();
  await page.getByRole('link', { name: /^All [\d,]+ customers$/ }).click();
  await expect(page.getByRole('heading', { name: /^[\d,]+ customers found$/ })).toBeVisible();
  const listed = (await contentOf(await takeAway(page, 'Download these customers', /^CSV/))).toString();
  await page.getByRole('table', { name: 'Customers and their segments' }).getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Why here?' })).toBeVisible();
  return listed.split(/\r?\n/).slice(0, 6).join('\n');
}

/** One customer of whom a single figure is known, then a file. */
async function place(page: Page, text: string): Promise<void> {
  await open(page, 'Place a customer');
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Place customer' }) });
  await form.getByRole('textbox').first().fill('40');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('segment')).toBeVisible();
  await page.getByLabel('Choose a file').setInputFiles(asFile('to-place.csv', text));
  await expect(page.getByText('5 customers placed', { exact: true })).toBeVisible();
}

/** A candidate is compared with the version in use, takes its place, and gives it back. */
async function goThroughVersions(page: Page, isForgotten = false): Promise<void> {
  await page.getByLabel('Use it as soon as it is trained').uncheck();
  await page.getByRole('button', { name: 'Train version' }).click();
  await expect(page.getByRole('row', { name: /^Version 2 Candidate/ })).toBeVisible({ timeout: 60_000 });
  await page.goto(`${page.url().replace(/\?.*/, '')}?compare=2`);
  await expect(page.getByRole('heading', { name: 'What would change from version 1 to version 2' })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await expect(page.getByText('This could not be loaded')).toHaveCount(0);
  await page.getByRole('button', { name: 'Activate: version 2' }).click();
  await expect(page.getByRole('row', { name: /^Version 2 In use/ })).toBeVisible();
  await open(page, 'Overview');
  if (isForgotten) await expect(page.getByText(/^No column identifies customers|^No segment of this version lives on from/).first()).toBeVisible();
  else for (const name of NAMES) await expect(cardsOf(page).getByRole('link', { name, exact: true })).toBeVisible();
  await open(page, 'Versions');
  await page.getByRole('button', { name: 'Roll back: version 1' }).click();
  await expect(page.getByRole('row', { name: /^Version 1 In use/ })).toBeVisible();
}

async function takeEverythingAway(page: Page): Promise<void> {
  const book = await takeAway(page, 'Download', /^Excel/);
  expect(book.suggestedFilename()).toMatch(/-3-segments-[\d-]+\.xlsx$/);
  expect((await contentOf(book)).subarray(0, 2).toString()).toBe('PK');
  const customers = (await contentOf(await takeAway(page, 'Download', /^CSV/))).toString();
  for (const name of NAMES) expect(customers).toContain(name);
}

async function goWithTable(page: Page, person: Person, { file: name, isForgotten = false }: Pick<Source, 'file' | 'isForgotten'>, { first, later }: ReturnType<typeof cut>): Promise<void> {
  await uploadTable(person, `later-${name}`, later);
  await page.goto('start');
  await page.getByLabel('Choose a file').setInputFiles(asFile(name, first));
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await findSegments(page);
  await renameTwo(page);
  await place(page, await lookInto(page));
  await open(page, 'Versions');
  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByLabel('Table', { exact: true }).selectOption(`later-${name}`);
  await goThroughVersions(page, isForgotten);
  await takeEverythingAway(page);
}

async function goWithOrders(page: Page, { file: name, dates, isForgotten }: Source, { first, newer }: ReturnType<typeof cut>): Promise<void> {
  await page.goto('start');
  await page.getByLabel('Choose a file').setInputFiles(asFile(name, first));
  await page.getByRole('button', { name: 'Group orders to customers' }).first().click();
  if (dates) await page.getByLabel('Dates such as 03/04/2026').selectOption(dates);
  await page.getByRole('button', { name: 'See your customers' }).click();
  await expect(page.getByRole('heading', { name: 'How recently and how often customers ordered' })).toBeVisible();
  const views = page.getByRole('navigation', { name: 'Views of these orders' });
  await views.getByRole('link', { name: 'Segments' }).click();
  await page.getByRole('link', { name: 'Find segments' }).click();
  await findSegments(page);
  const found = page.url().replace(/\?.*/, '');
  await renameTwo(page);
  await place(page, await lookInto(page));
  // The next export of the shop comes, and the customers change with it.
  await page.getByRole('link', { name, exact: true }).click();
  await views.getByRole('link', { name: 'Orders' }).click();
  await page.getByLabel('Choose a file').setInputFiles(asFile(`newer-${name}`, newer));
  await page.getByRole('button', { name: 'Summarise them again' }).click();
  await expect(page.getByText('Orders were added or corrected')).toHaveCount(0);
  await page.goto(found);
  await page.getByRole('link', { name: 'Train a new version' }).click();
  await goThroughVersions(page, isForgotten);
  await takeEverythingAway(page);
}

test.beforeEach(async ({ page }, { title }) => {
  // The last word of a title is the file.
  const file = title.split(' ').at(-1) ?? '';
  test.skip(file.includes('.csv') && !existsSync(SHARED + file), `${SHARED}${file} IS NOT THERE, SO ITS JOURNEY WAS NOT TRIED`);
  page.setDefaultTimeout(60_000);
});

test('from a file to a version that is rolled back: mall_customers.csv', async ({ page }) => {
  const person = await makePerson('analyst');
  await enterAs(page, person);
  await goWithTable(page, person, { file: 'mall_customers.csv' }, cut(`${SHARED}mall_customers.csv`, { header: 1 }));
});

test.describe('from a file to a version that is rolled back', { tag: '@once' }, () => {
  for (const source of TABLES) {
    test(source.file, async ({ page }) => {
      const person = await makePerson('analyst');
      await enterAs(page, person);
      await goWithTable(page, person, source, cut(SHARED + source.file, source));
    });
  }

  test('customers that the program generates', async ({ page }) => {
    const person = await makePerson('analyst');
    await enterAs(page, person);
    await goWithTable(page, person, { file: 'generated.csv' }, cut(`${process.env.E2E_FOLDER}/customers.csv`, { header: 1 }));
  });

  for (const source of ORDERS) {
    test(source.file, async ({ page }) => {
      await enterAs(page, await makePerson('analyst'));
      await goWithOrders(page, source, cut(SHARED + source.file, source));
    });
  }
});

/** From a shop's file of orders to its customers, and from a table that is read with doubts to the right reading. */

import { readFileSync } from 'node:fs';
import { enterAs, expect, makePerson, test, uploadTable } from './bench';

test('orders become customers in one click, and lead to their value, cohorts and movement', { tag: '@once' }, async ({ page }) => {
  await enterAs(page, await makePerson('analyst'));
  await page.goto('orders');
  await page.getByRole('button', { name: 'Load an example' }).click();
  await expect(page.getByRole('heading', { name: 'example-orders.csv' })).toBeVisible();
  await expect(page.getByLabel('Customer', { exact: true })).toHaveValue('customer_id');
  const ledger = page.getByRole('table', { name: 'What each line counted as' });
  await expect(ledger.getByRole('row', { name: /^Returns/ })).toBeVisible();
  await expect(ledger.getByRole('row', { name: /^No customer is named/ })).toContainText('left out');
  await page.getByRole('button', { name: 'See your customers' }).click();

  const grid = page.getByRole('img', { name: /^Customers by how recently and how often/ });
  await expect(grid).toBeVisible();
  const picture = page.waitForEvent('download');
  await page.getByRole('button', { name: /^More about this chart/ }).click();
  await page.getByRole('menuitem', { name: 'Download picture (PNG)' }).click();
  expect(readFileSync(await (await picture).path()).subarray(1, 4).toString()).toBe('PNG');
  const { width } = (await grid.boundingBox()) ?? { width: 0 };
  await grid.click({ position: { x: width - 80, y: 40 } });
  await expect(page.getByRole('dialog', { name: 'Champions' })).toBeVisible();
  const members = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  expect(readFileSync(await (await members).path(), 'utf8')).toContain('Champions');
  await page.keyboard.press('Escape');

  const views = page.getByRole('navigation', { name: 'Views of these orders' });
  await views.getByRole('link', { name: 'Value' }).click();
  await expect(page.getByRole('heading', { name: 'How good are such forecasts?' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/of the money: \d+ bring/).first()).toBeVisible();
  await views.getByRole('link', { name: 'Cohorts' }).click();
  await expect(page.getByRole('img', { name: /^Cohorts by month/ })).toBeVisible();
  await views.getByRole('link', { name: 'Movement' }).click();
  await page.getByRole('table', { name: 'Largest moves' }).getByRole('button').first().click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Download CSV' })).toBeVisible();
});

test('a table of orders among the datasets goes the way of orders', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('analyst');
  const lines = Array.from({ length: 80 }, (_, index) => `${1000 + Math.floor(index / 2)},C${index % 9},2026-${String(1 + (index % 6)).padStart(2, '0')}-${String(1 + (index % 27)).padStart(2, '0')},mug,${1 + (index % 4)},${4 + (index % 3)}.50`);
  const { id } = (await uploadTable(person, 'shop.csv', `order_no,customer_id,order_date,product,quantity,unit_price\n${lines.join('\n')}\n`)) as { id: number };
  await enterAs(page, person);
  await page.goto(`datasets/${id}`);
  await expect(page.getByRole('heading', { name: 'The rows are order lines, not customers' })).toBeVisible();
  await page.getByRole('button', { name: 'Group orders to customers' }).first().click();
  await expect(page).toHaveURL(/orders\/\d+$/);
  await page.getByRole('button', { name: 'See your customers' }).click();
  await expect(page.getByRole('heading', { name: 'How recently and how often customers ordered' })).toBeVisible();
});

test('a doubt is taken the other way and back, and a line is put back', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('analyst');
  // Alone, 10,125 is ten thousand or ten and an eighth.
  const rows = Array.from({ length: 30 }, (_, index) => `K${index};${10 + ((index * 7) % 23)},125;${index % 3}`);
  const header = 'kunde;umsatz;filiale';
  const text = ['Umsatz je Kunde', header, ...rows.slice(0, 15), header, ...rows.slice(15), ''].join('\n');
  const { id } = (await uploadTable(person, 'kunden.csv', text)) as { id: number };
  await enterAs(page, person);
  await page.goto(`datasets/${id}`);
  const firstRows = page.getByRole('region', { name: /first rows/ });
  await expect(firstRows.getByRole('cell', { name: '10.125', exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: /^Read as 10125/ }).click();
  await expect(firstRows.getByRole('cell', { name: '10125', exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(firstRows.getByRole('cell', { name: '10.125', exact: true }).first()).toBeVisible();
  const aside = page.getByRole('list', { name: 'Lines set aside' });
  await expect(aside).toContainText('Umsatz je Kunde');
  await expect(page.getByText(/^30 rows/)).toBeVisible();
  await page.getByRole('button', { name: 'Put line 18 back' }).click();
  await expect(page.getByText(/^31 rows/)).toBeVisible();
  await page.getByRole('button', { name: 'Detect these lines again' }).click();
  await expect(page.getByText(/^30 rows/)).toBeVisible();
});

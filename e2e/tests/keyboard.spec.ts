/** The way from the start to an answer, its charts and the guide, by keyboard alone. */

import type { Locator, Page } from '@playwright/test';
import { callApi, enterAs, expect, makePerson, test, uploadTable } from './bench';

async function tabTo(page: Page, target: Locator, most = 80): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < most; pressed++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`The keyboard does not reach ${target}`);
}

test('a segmentation is found, understood and looked up by keyboard alone', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('analyst');
  const rows = Array.from({ length: 90 }, (_, index) => `C${index};${25 + (index % 3) * 20 + (index % 5)};${30 + (index % 3) * 30 + (index % 7)};${index % 3 === 0 ? 'yes' : 'no'}`);
  const dataset = (await uploadTable(person, 'keyed.csv', `customer_id;age;income;churned\n${rows.join('\n')}\n`)) as { id: number };
  await callApi(person, 'post', '/api/v1/clustering/train', { dataset_id: dataset.id, algorithm: 'kmeans', n_clusters: 3, columns: ['age', 'income'] });
  await enterAs(page, person);
  await page.goto('start');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: /keyed/ }).first().waitFor();
  await page.keyboard.type('keyed');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/segmentations\/\d+$/);

  await tabTo(page, page.getByText('How sure is this, and why?'));
  await page.keyboard.press('Enter');
  await expect(page.getByText(/have not been tested|reappear/).first()).toBeVisible();
  await tabTo(page, page.getByLabel('Column', { exact: true }));
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/by=churned/);
  await expect(page.getByRole('img', { name: 'churned by segment' })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'More about this chart: churned by segment' }));
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Show as a table' }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: 'churned by segment' })).toBeVisible();

  await page.reload();
  await tabTo(page, page.getByRole('link', { name: 'Usefulness' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('The segments differ')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder(/^Go to/)).toBeFocused();
  await page.keyboard.type('guide');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Guide' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('lift');
  await tabTo(page, page.getByRole('link', { name: 'Lift', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/guide\/words#lift$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Words' })).toBeVisible();
});

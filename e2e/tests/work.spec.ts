import { readFileSync } from 'node:fs';
import { enterAs, expect, fillCustomer, makePerson, test, uploadTable } from './bench';

test('a prediction shows its segment and certainty, and is found in the history', async ({ page }) => {
  await enterAs(page, await makePerson('user'));
  await page.goto('dashboard');
  await page.getByRole('button', { name: 'Predict segment' }).click();
  await expect(page.getByText('Enter an age from 18 to 100')).toBeVisible();
  await fillCustomer(page);
  await page.getByLabel('Purchase frequency', { exact: true }).press('Enter');
  const segment = (await page.getByTestId('segment').textContent()) ?? '';
  expect(segment).not.toBe('');
  await expect(page.getByText(/^\d+% confidence/)).toBeInViewport({ ratio: 1 });
  await page.goto('history');
  await expect(page.getByRole('heading', { name: '1 prediction' })).toBeVisible();
  await page.getByRole('cell').getByRole('button').first().click();
  await expect(page.getByRole('dialog')).toContainText(segment);
  await page.keyboard.press('Escape');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  expect(readFileSync(await (await download).path(), 'utf8')).toContain(segment);
  const folded = page.getByRole('button', { name: 'Filters', exact: true });
  if (await folded.isVisible()) await folded.click();
  await page.getByLabel('Confidence from').fill('100');
  await expect(page).toHaveURL(/min=100/);
  await page.reload();
  await expect(page.getByLabel('Confidence from')).toHaveValue('100');
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByLabel('Type delete to confirm').fill('delete');
  await page.getByRole('button', { name: 'Delete 1 prediction' }).click();
  await expect(page.getByText('No predictions yet')).toBeVisible();
});

test('a customer is saved, changed, placed, deleted and brought back', async ({ page }) => {
  await enterAs(page, await makePerson('user'));
  await page.goto('customers');
  await page.getByRole('button', { name: 'New customer' }).click();
  await page.getByLabel('Name').fill('Corner shop');
  await page.getByRole('button', { name: 'Save customer' }).click();
  await expect(page.getByRole('button', { name: 'Predict Corner shop' })).toBeDisabled();
  await page.getByRole('button', { name: 'Corner shop', exact: true }).click();
  await fillCustomer(page);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // Typed faster than the address follows.
  await page.getByLabel('Search').pressSequentially('CORNER SHOP');
  await expect(page.getByRole('heading', { name: '1 customer found' })).toBeVisible();
  await page.getByLabel('Search').fill('');
  await page.getByRole('button', { name: 'Predict Corner shop' }).click();
  await expect(page.getByRole('dialog')).toContainText('% confidence');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for Corner shop' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('No customers yet')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Corner shop', exact: true })).toBeVisible();
});

test('an analyst goes from a file to segments, cuts the tree anew, and takes a workbook away', async ({ page }) => {
  await enterAs(page, await makePerson('analyst'));
  await page.goto('start');
  const groups = [
    [25, 30, 80, 'North'],
    [45, 90, 20, 'South'],
    [60, 60, 50, 'West'],
  ] as const;
  const rows = Array.from({ length: 90 }, (_, index) => {
    const [age, income, score, region] = groups[index % 3] ?? groups[0];
    return `${index + 1};${age + (index % 5)};${income + (index % 7)},5;${score + (index % 6)};${region}`;
  });
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'kunden.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`customer_id;age;income;score;region\n${rows.join('\n')}\n`),
  });
  await expect(page.getByRole('heading', { name: 'kunden.csv' })).toBeVisible();
  await expect(page.getByLabel('Separator')).toHaveValue(';');
  await expect(page.getByLabel('Decimal mark')).toHaveValue(',');
  await expect(page.getByLabel('Kind of customer_id')).toHaveValue('identifier');
  await page.getByText('Settings, and which columns').click();
  await page.getByLabel('Method').selectOption('hierarchical');
  await page.getByLabel('Number of segments').selectOption('3');
  await page.getByLabel('Check whether they are real').selectOption('no');
  await page.getByRole('button', { name: 'Find segments' }).click();
  await expect(page).toHaveURL(/segmentations\/\d+/, { timeout: 60_000 });
  await expect(page.getByText('3 segments of 90 customers')).toBeVisible();
  await expect(page.getByText('30 customers')).toHaveCount(3);
  await expect(page.getByRole('img', { name: /into 3 segments/ })).toBeVisible();
  await page.getByRole('slider').press('ArrowLeft');
  await expect(page.getByRole('img', { name: /into 2 segments/ })).toBeVisible();
  // The cards follow, and what cannot says whose it is.
  await expect(page.getByText('60 customers')).toBeVisible();
  await expect(page.getByRole('region', { name: /what sets each one apart/ }).getByRole('heading', { level: 3 })).toHaveCount(2);
  await expect(page.getByText('From the saved segmentation with 3 segments').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('60 customers')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Excel/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^kunden-3-segments-\d{4}-\d\d-\d\d\.xlsx$/);
  await page.getByRole('button', { name: 'Save this cut' }).click();
  await expect(page.getByText('2 segments of 90 customers')).toBeVisible({ timeout: 60_000 });
});

test('how a file was read is corrected: its decimal mark, its first row, and a kind', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('analyst');
  // Beside semicolons 10,125 is read as ten and an eighth, but it could be ten thousand.
  const rows = Array.from({ length: 30 }, (_, index) => `${10 + ((index * 7) % 23)},125;${index % 3};${100 + ((index * 5) % 17)}`);
  const { id } = (await uploadTable(person, 'shops.csv', `turnover;branch;visits\n${rows.join('\n')}\n`)) as { id: number };
  await enterAs(page, person);
  await page.goto(`datasets/${id}`);
  const kindOf = (column: string) => page.getByLabel(`Kind of ${column}`, { exact: true });
  await expect(kindOf('turnover')).toHaveValue('numeric');
  const firstRows = page.getByRole('region', { name: /first rows/ });
  await expect(firstRows.getByRole('cell', { name: '10.125', exact: true }).first()).toBeVisible();
  await page.getByLabel('Decimal mark').selectOption('.');
  await expect(firstRows.getByRole('cell', { name: '10125', exact: true }).first()).toBeVisible();
  await page.getByLabel('Decimal mark').selectOption(',');
  await expect(firstRows.getByRole('cell', { name: '10.125', exact: true }).first()).toBeVisible();
  await page.getByLabel('First row', { exact: true }).selectOption('no');
  await expect(page.getByText(/^31 rows/)).toBeVisible();
  await page.getByLabel('First row', { exact: true }).selectOption('yes');
  await expect(page.getByText(/^30 rows/)).toBeVisible();
  await kindOf('visits').selectOption('identifier');
  await page.getByText('Settings, and which columns').click();
  await expect(page.getByRole('checkbox', { name: 'turnover' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'visits' })).toHaveCount(0);
  await page.reload();
  await expect(kindOf('visits')).toHaveValue('identifier');
});

test('a user’s own file becomes segments that only they see, and a workbook', async ({ page }) => {
  await enterAs(page, await makePerson('user'));
  await page.goto('start');
  await expect(page.getByText(/Only you and administrators can see your file/)).toBeVisible();
  await page.getByRole('button', { name: 'Example orders' }).click();
  await page.getByRole('button', { name: 'Group orders to customers' }).first().click();
  await expect(page.getByRole('heading', { name: /example-orders customers/ })).toBeVisible();
  await expect(page.getByText(/Kept until/)).toBeVisible();
  await page.getByText('Settings, and which columns').click();
  await page.getByLabel('Check whether they are real').selectOption('no');
  await page.getByLabel('Method').selectOption('kmeans');
  await page.getByLabel('Number of segments').selectOption('3');
  await page.getByRole('button', { name: 'Find segments' }).click();
  await expect(page).toHaveURL(/\/segmentations\/\d+/, { timeout: 90_000 });
  await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).first().click();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /Share/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.goto('start');
  await expect(page.getByRole('heading', { name: 'Recent segmentations' })).toBeVisible();
});

test('records of JSON are analysed, with a verdict and advice, and found again', { tag: '@once' }, async ({ page }) => {
  await enterAs(page, await makePerson('user'));
  await page.goto('analyse');
  const groups = [{ age: 27, visits: 22 }, { age: 45, visits: 11 }, { age: 62, visits: 4 }];
  const records = Array.from({ length: 48 }, (_, id) => ({ id, age: (groups[id % 3]?.age ?? 0) + (id % 5), visits: (groups[id % 3]?.visits ?? 0) + (id % 4) }));
  await page.getByLabel('Choose a file').setInputFiles({ name: 'customers.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(records)) });
  await expect(page.getByRole('heading', { name: '3 segments of 48 customers' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Real groups')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Are they real?' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What to do' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: '3 segments of 48 customers' })).toBeVisible();
  await page.getByRole('link', { name: 'Another table' }).click();
  await page.getByRole('link', { name: /^Analysis \d+/ }).click();
  await expect(page.getByRole('heading', { name: '3 segments of 48 customers' })).toBeVisible();
});

// The model in use is everyone's, so one browser changes it, and not both at once.
test('a model is trained, looked at, activated and rolled back', { tag: '@once' }, async ({ page }) => {
  await enterAs(page, await makePerson('analyst'));
  await page.goto('models');
  await page.getByRole('button', { name: 'Train a new model' }).click();
  await page.getByLabel('Number of segments').selectOption('4');
  await page.getByRole('button', { name: 'Train model' }).click();
  await expect(page.getByText('Candidate')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: /What would change/ })).toBeVisible();
  await page.getByRole('button', { name: /^Activate/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
  await expect(page.getByText('In use', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'All versions' }).click();
  await page.getByRole('button', { name: 'Roll back: version 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('row', { name: /Version 1 In use/ })).toBeVisible();
});

test('an administrator finds a user, changes the role, deactivates and deletes', async ({ page }) => {
  const admin = await makePerson('admin');
  const target = await makePerson('user');
  await enterAs(page, admin);
  await page.goto('admin');
  await page.getByLabel('Search').fill(target.username);
  await expect(page.getByRole('heading', { name: '1 user', exact: true })).toBeVisible();
  await page.getByLabel(`Role of ${target.username}`).selectOption('analyst');
  await expect(page.getByText(`${target.username} is now analyst`)).toBeVisible();
  await page.getByRole('button', { name: `Actions for ${target.username}` }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await expect(page.getByText('deactivated and signed out')).toBeVisible();
  await page.getByRole('button', { name: `Actions for ${target.username}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: 'Delete user' })).toBeDisabled();
  await page.getByLabel(`Type ${target.username} to confirm`).fill(target.username);
  await page.getByRole('button', { name: 'Delete user' }).click();
  await expect(page.getByText('No users found')).toBeVisible();
  // Nothing is left to take back on an account that is gone.
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await page.getByLabel('Search').fill(admin.username);
  await expect(page.getByLabel(`Role of ${admin.username}`)).toBeDisabled();
  await page.getByRole('button', { name: `Actions for ${admin.username}` }).click();
  await expect(page.getByText('This is your own account', { exact: true }).first()).toBeVisible();
});

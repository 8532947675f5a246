import { callApi, enterAs, expect, fillCustomer, makePerson, test, uploadTable, API } from './bench';

test('a visitor registers, with the rules shown live, and lands where customers are brought', async ({ page }) => {
  await page.goto('');
  await expect(page.getByRole('img', { name: /example customers/ })).toBeVisible();
  await page.getByRole('link', { name: 'Create an account' }).click();
  const name = `new-${Date.now()}`;
  await page.getByLabel('Email').fill(`${name}@example.com`);
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Password', { exact: true }).blur();
  await expect(page.getByText('Use at least 6 characters')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL(/\/start$/);
});

test.describe('refusals', () => {
  test.use({ provoked: [401, 400] });

  test('a wrong password is said in words, and the name stays', { tag: '@once' }, async ({ page }) => {
    const person = await makePerson('user');
    await page.goto('login');
    await page.getByLabel('Username or email').fill(`${person.username}@example.com`);
    await page.getByLabel('Password').fill('not this one');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('Incorrect username or password');
    await page.getByLabel('Password').fill(person.password);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/start$/);
  });

  test('an ended session leads to the login page and back, with the form as it was', async ({ page }) => {
    const person = await makePerson('analyst');
    const { id } = (await uploadTable(person, 'shops.csv', `turnover;visits\n${Array.from({ length: 30 }, (_, row) => `${row * 7};${row % 9}`).join('\n')}\n`)) as { id: number };
    await enterAs(page, person);
    await page.goto(`datasets/${id}`);
    await page.getByText('Settings, and which columns').click();
    await page.getByLabel('Method').selectOption('kmeans');
    await page.getByLabel('Number of segments').selectOption('4');
    await page.getByRole('checkbox', { name: 'visits' }).uncheck();
    await page.goto('dashboard');
    await fillCustomer(page);
    await callApi(person, 'post', '/auth/logout');
    await page.getByRole('button', { name: 'Predict segment' }).click();
    await expect(page.getByText('Your session has ended')).toBeVisible();
    await page.getByLabel('Password').fill(person.password);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/dashboard$/);
    await expect(page.getByLabel('Annual income', { exact: true })).toHaveValue('65.5');
    await expect(page.getByLabel('Sex', { exact: true })).toHaveValue('Female');
    // A dialog is opened again, with what was typed into it.
    const token = await page.evaluate(() => (JSON.parse(localStorage.getItem('segmentation.session') ?? '') as { token: string }).token);
    await callApi({ ...person, token }, 'post', '/profiles/', { name: 'Corner shop' });
    await page.goto('customers');
    await page.getByRole('button', { name: 'Corner shop', exact: true }).click();
    await page.getByLabel('Notes').fill('Asks for decaf');
    await callApi({ ...person, token }, 'post', '/auth/logout');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByLabel('Password').fill(person.password);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/customers$/);
    await expect(page.getByRole('dialog').getByLabel('Notes')).toHaveValue('Asks for decaf');
    await page.goto(`datasets/${id}`);
    await expect(page.getByLabel('Method')).toHaveValue('kmeans');
    await expect(page.getByLabel('Number of segments')).toHaveValue('4');
    await expect(page.getByRole('checkbox', { name: 'visits' })).not.toBeChecked();
  });
});

test('pages behind the guards send people where they can help themselves', { tag: '@once' }, async ({ page }) => {
  await page.goto('history?min=50');
  await expect(page).toHaveURL(/login\?next=/);
  const person = await makePerson('user');
  await page.getByLabel('Username or email').fill(person.username);
  await page.getByLabel('Password').fill(person.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/history\?min=50$/);
  await page.goto('admin');
  await expect(page.getByText('This page is for administrators')).toBeVisible();
});

test('a customer is placed by keyboard alone', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('user');
  await page.goto('login?next=%2Fdashboard');
  await expect(page.getByLabel('Username or email')).toBeFocused();
  await page.keyboard.type(person.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Sex', { exact: true })).toBeFocused();
  await page.keyboard.type('Fem');
  for (const value of ['34', '65.5', '72', '18']) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('segment')).toBeVisible();
});

test('a one-time password has to be replaced before anything else', { tag: '@once' }, async ({ page }) => {
  const person = await makePerson('user');
  const admin = await makePerson('admin');
  const users = (await callApi(admin, 'get', `/admin/users?search=${person.username}`)) as { users: { id: number }[] };
  const reset = (await callApi(admin, 'post', `/admin/users/${users.users[0]?.id}/reset-password`)) as { one_time_password: string };
  await page.goto('login');
  await page.getByLabel('Username or email').fill(person.username);
  await page.getByLabel('Password').fill(reset.one_time_password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  await page.getByLabel('New password').fill('my own secret');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/start$/);
});

test('the server keeps assets for good, the page never, and errors of the API as JSON', { tag: '@once' }, async ({ page, request }) => {
  const deep = await request.get(`${API}/app/history`, { headers: { Accept: 'text/html' } });
  expect(deep.status()).toBe(200);
  expect(deep.headers()['cache-control']).toBe('no-cache');
  const asset = /assets\/index-[\w-]+\.js/.exec(await deep.text())?.[0];
  const script = await request.get(`${API}/app/${asset}`);
  expect(script.headers()['cache-control']).toContain('immutable');
  expect(script.headers()['content-encoding']).toBe('gzip');
  const unknown = await request.get(`${API}/api/v1/nothing`, { headers: { Accept: 'text/html' } });
  expect(unknown.status()).toBe(404);
  expect(await unknown.json()).toMatchObject({ detail: 'Not Found' });
  await page.goto(`${API}/`);
  await expect(page).toHaveURL(`${API}/app/`);
  await page.goto('about');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'About' })).toBeVisible();
});

test.describe('a server that is away', () => {
  test.use({ provoked: [502] });

  test('is said, and the page carries on when it is back', { tag: '@once' }, async ({ page }) => {
    const person = await makePerson('user');
    await enterAs(page, person);
    // Answered in the server's place, as a proxy before a stopped server does.
    await page.route('**/auth/me', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
    await page.goto('dashboard');
    await expect(page.getByText('The server is not responding')).toBeVisible();
    await page.unroute('**/auth/me');
    await page.getByRole('button', { name: 'Try again now' }).click();
    await expect(page.getByRole('button', { name: 'Predict segment' })).toBeVisible();
  });
});

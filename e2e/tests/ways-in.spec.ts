import { callApi, enterAs, expect, makePerson, test, API } from './bench';

const PROVIDER = `http://127.0.0.1:${process.env.E2E_PROVIDER_PORT}`;

test('a company’s own sign-in leads to the page that was wanted, and leaves no token in the address', { tag: '@once' }, async ({ page, request }) => {
  // What the provider's own page asks of other hosts, and its missing picture, is not ours to mend.
  await page.route(({ hostname, pathname }) => hostname !== '127.0.0.1' || pathname === '/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await request.put(`${PROVIDER}/users/maria-1`, { data: { email: 'maria.keller@example.com', email_verified: true, preferred_username: 'maria.keller' } });
  await page.goto('history?min=50');
  await page.getByRole('link', { name: 'Continue with Company login' }).click();
  await page.locator('input[name=sub]').fill('maria-1');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/app\/history\?min=50$/);
  await expect(page.getByText('maria.keller').first()).toBeVisible();
  await page.goto('settings');
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
});

test('a sign-in that failed there is said in words', { tag: '@once' }, async ({ page }) => {
  for (const [code, words] of [
    ['account_deactivated', 'Your account is deactivated'],
    ['sign_in_not_confirmed', 'The sign-in was not completed'],
    ['unheard_of', 'You could not be signed in'],
  ] as const) {
    await page.goto(`about`);
    await page.goto(`login#error=${code}`);
    await expect(page.getByText(words)).toBeVisible();
    await expect(page).toHaveURL(/\/login$/);
  }
});

test('an invitation’s link makes one account with its role', { tag: '@once' }, async ({ page, browser }) => {
  const admin = await makePerson('admin');
  await enterAs(page, admin);
  await page.goto('admin?view=invitations');
  await page.getByRole('button', { name: 'Invite someone' }).first().click();
  await page.getByLabel('Role', { exact: true }).selectOption('analyst');
  await page.getByRole('button', { name: 'Create the link' }).click();
  const link = (await page.getByLabel('Invitation link').textContent()) ?? '';
  const guest = await browser.newPage();
  await guest.goto(link);
  await expect(guest.getByText('You are invited')).toBeVisible();
  const name = `guest-${Date.now()}`;
  await guest.getByLabel('Email').fill(`${name}@example.com`);
  await guest.getByLabel('Username').fill(name);
  await guest.getByLabel('Password', { exact: true }).fill('long enough');
  await guest.getByRole('button', { name: 'Create account' }).click();
  await expect(guest).toHaveURL(/\/start$/);
  await expect(guest.getByRole('link', { name: 'Orders' })).toBeVisible();
  await guest.close();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByText(name)).toBeVisible();
});

test('several users are changed at once, with a way back', { tag: '@once' }, async ({ page }) => {
  const stem = `team-${Date.now()}`;
  for (const each of ['a', 'b', 'c']) await makePerson('user', `${stem}-${each}`);
  await enterAs(page, await makePerson('admin'));
  await page.goto(`admin?search=${stem}`);
  await page.getByLabel('Select all on this page').check();
  await page.getByLabel('Role of the selected users').selectOption('analyst');
  await expect(page.getByText('3 users are now analyst')).toBeVisible();
  await expect(page.getByLabel(`Role of ${stem}-b`)).toHaveValue('analyst');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel(`Role of ${stem}-b`)).toHaveValue('user');
  await page.goto('admin?view=audit&kind=account');
  await expect(page.getByText('Account role changed').first()).toBeVisible();
  await page.getByRole('button', { name: 'Check the log' }).click();
  await expect(page.getByText(/events are as they were written/)).toBeVisible();
});

test('an API key is shown once, works, and is revoked', { tag: '@once' }, async ({ page, request }) => {
  const person = await makePerson('user');
  await callApi(person, 'get', '/auth/me');
  await enterAs(page, person);
  await page.goto('settings');
  await page.getByRole('button', { name: 'Create an API key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('nightly');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = (await page.getByLabel('API key', { exact: true }).textContent()) ?? '';
  const call = () => request.get(`${API}/auth/me`, { headers: { 'X-API-Key': key } });
  expect((await call()).status()).toBe(200);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'API keys' })).toContainText('nightly');
  await page.getByRole('button', { name: 'Revoke nightly' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByText('nightly is revoked')).toBeVisible();
  expect((await call()).status()).toBe(401);
});

// Draws the pictures of the README and of the guide from a running, empty server: npm run pictures -- http://127.0.0.1:8000
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const home = `${process.argv[2] ?? 'http://127.0.0.1:8000'}/app`;
const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const WINDOW = { width: 1280, height: 900 };
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: WINDOW, deviceScaleFactor: 0.8, colorScheme: 'light' });
page.setDefaultTimeout(20_000);

/** A picture from the top of the page to the end of a section, so that none is cut in the middle. */
async function shoot(file, lastSection) {
  const section = page.locator('section', { has: page.getByRole('heading', { name: lastSection, exact: true }) });
  const end = await section.evaluate((element) => element.getBoundingClientRect().bottom + window.scrollY);
  await page.setViewportSize({ ...WINDOW, height: Math.ceil(end) + 16 });
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `${folder}${file}` });
  await page.setViewportSize(WINDOW);
}

await page.goto(`${home}/login`);
await page.getByLabel('Username or email').fill(process.env.NAME ?? 'admin');
await page.getByLabel('Password').fill(process.env.PASSWORD ?? 'admin123');
await page.keyboard.press('Enter');
await page.waitForURL(/start$/);
await page.goto(`${home}/dashboard?in=core`);
await page.getByRole('button', { name: 'Fill in an example' }).click();
await page.getByRole('button', { name: 'Predict segment' }).click();
await page.getByTestId('segment').waitFor();
await page.getByRole('img', { name: /^Map of customers/ }).waitFor();
await shoot('dashboard.png', 'All customers, by segment');

await page.goto(`${home}/datasets`);
await page.getByRole('button', { name: 'Load an example' }).click();
await page.getByRole('button', { name: 'Find segments' }).click();
await page.getByRole('slider').waitFor({ timeout: 60_000 });
await page.getByText('What to do:').first().waitFor();
await shoot('segmentation.png', 'The segments and what sets each one apart');

/** The page as it comes into view, without its navigation. */
async function shootPage(name, height = WINDOW.height) {
  await page.setViewportSize({ ...WINDOW, height });
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' }).catch(() => {});
  await page.waitForTimeout(1000);
  const { x, width } = await page.locator('main').boundingBox();
  await page.screenshot({ path: `${folder}guide/${name}.png`, clip: { x, y: 0, width, height } });
  await page.setViewportSize(WINDOW);
}

await page.getByRole('link', { name: 'Place a customer' }).click();
await page.getByRole('button', { name: /^Place/ }).waitFor();
for (const field of await page.locator('main form input').all()) await field.fill('40');
for (const choice of await page.locator('main form select').all()) await choice.selectOption({ index: 1 });
await page.getByRole('button', { name: /^Place/ }).click();
await page.getByTestId('segment').waitFor();
await shootPage('place', 800);

await page.goto(`${home}/datasets`);
await page.getByRole('row').getByRole('link').first().click();
await page.getByRole('button', { name: 'Find segments' }).waitFor();
await shootPage('reading', 900);

await page.getByText(/^Settings, and which columns/).click();
await page.getByRole('checkbox', { name: /region/i }).uncheck();
await page.getByRole('button', { name: 'Find segments' }).click();
await page.getByRole('link', { name: 'Usefulness' }).waitFor({ timeout: 60_000 });
await page.getByRole('link', { name: 'Usefulness' }).click();
await page.getByRole('img', { name: /^(Share|Mean) .*by segment$/ }).waitFor();
await shootPage('usefulness', 860);

await page.goto(`${home}/start`);
await page.getByRole('button', { name: 'Example orders' }).click();
await page.waitForURL(/orders\/\d+/, { timeout: 60_000 });
await page.getByRole('button', { name: 'See your customers' }).click();
await page.waitForURL(/rfm/, { timeout: 60_000 });
await shootPage('orders', 900);

await page.goto(`${home}/start`);
await shootPage('start', 700);
await browser.close();

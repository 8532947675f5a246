// Draws the README's two pictures from a running server: npm run pictures -- http://127.0.0.1:8000
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const home = `${process.argv[2] ?? 'http://127.0.0.1:8000'}/app`;
const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const WINDOW = { width: 1280, height: 900 };
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: WINDOW, deviceScaleFactor: 0.8, colorScheme: 'light' });

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
await browser.close();

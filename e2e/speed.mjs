// Measures what a browser loads and when it shows something, at a processor slowed 4 times:
// npm run speed -- http://127.0.0.1:8000 segmentations/2
import { chromium } from '@playwright/test';

const [server = 'http://127.0.0.1:8000', ...further] = process.argv.slice(2);
const home = `${server}/app/`;
const answer = await fetch(`${server}/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: process.env.NAME ?? 'admin', password: process.env.PASSWORD ?? 'admin123' }) });
const { access_token, user } = await answer.json();
const session = JSON.stringify({ token: access_token, account: { ...user, must_change_password: false }, ended: null });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** A page that nothing is kept of: three times, and the middle one counts. */
async function measure(path, signedIn) {
  const seen = [];
  for (let turn = 0; turn < 3; turn++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    if (signedIn) await context.addInitScript((text) => localStorage.setItem('segmentation.session', text), session);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(home + path, { waitUntil: 'networkidle' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const paints = await page.evaluate(() => ({
      first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      canvas: document.querySelectorAll('canvas').length,
    }));
    seen.push({ kilobytes: bytes / 1000, ...paints });
    await context.close();
  }
  const middle = (values) => values.sort((a, b) => a - b)[1];
  console.log(`${(path || 'home').padEnd(24)} ${middle(seen.map(({ kilobytes }) => kilobytes)).toFixed(0).padStart(6)} kB   first content ${middle(seen.map(({ first }) => first)).toFixed(0).padStart(5)} ms   ${seen[0].canvas} charts`);
}

await measure('', false);
await measure('login', false);
for (const path of ['start', 'segmentations', 'guide', ...further]) await measure(path, true);
await browser.close();

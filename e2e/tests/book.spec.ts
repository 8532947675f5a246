import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { API, callApi, expect, makePerson, test, uploadTable } from './bench';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CITIES = ['Łódź', '<script>document.title="run"</script>', 'مدينة'];

/** Three groups of customers, in cities whose names a careless page would run or break at. */
function table(): string {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const group = i % 3;
    return `C${i},${20 + 30 * group + (i % 7) / 2},${3 + 10 * group + (i % 5)},"${(CITIES[group] ?? '').replaceAll('"', '""')}"`;
  });
  return ['customer_id,income,visits,city', ...rows, ''].join('\n');
}

test('the segment book reads as a page by itself, on a phone too', async ({ page, context, viewport }) => {
  const analyst = await makePerson('analyst');
  const dataset = (await uploadTable(analyst, `${'shop'.repeat(40)}.csv`, table())) as { id: number };
  const asked = { name: 'W'.repeat(200), dataset_id: dataset.id, algorithm: 'kmeans', n_clusters: 3 };
  const { id } = (await callApi(analyst, 'post', '/api/v1/segmentations', asked)) as { id: number };
  const answer = await page.request.get(`${API}/api/v1/segmentations/${id}/report?format=html`, { headers: { Authorization: `Bearer ${analyst.token}` } });
  expect(answer.headers()['content-disposition']).toMatch(/attachment; filename="w+-3-segments-[\d-]+\.html"/);
  // Saved and opened without the server: whatever it asked for would fail.
  await context.setOffline(true);
  await page.setContent(await answer.text());
  await expect(page.getByRole('heading', { level: 2, name: /customers|segment/i }).first()).toBeVisible();
  await expect(page.locator('section')).toHaveCount(3);
  expect(await page.title()).not.toBe('run');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(viewport?.width ?? 0);
  await page.evaluate(AXE);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string }[] }> } }).axe.run());
  expect(found.violations.map((each) => each.id)).toEqual([]);
});

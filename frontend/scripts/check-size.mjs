// Fails where a page is too heavy: what a browser loads for it, its styles included, compressed.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SHELL = 'src/app/shell.tsx';
/** Pages with what they need at once, and their limits in bytes; the charts' library comes later. */
const BUDGETS = [
  [['src/pages/home.tsx'], 200_000],
  [['src/pages/login.tsx'], 200_000],
  [[SHELL, 'src/pages/start.tsx'], 295_000],
  [[SHELL, 'src/pages/segmentation.tsx', 'src/pages/segmentation/overview.tsx'], 300_000],
  [['src/pages/guide.tsx'], 240_000],
];
const CHARTS = [['src/charts/engine.tsx'], 240_000];

const folder = new URL('../../app/web/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8'));

function filesOf(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the build`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

function check(names, limit, known = new Set()) {
  const files = new Set(known);
  for (const name of names) filesOf(name, files);
  const own = [...files].filter((file) => !known.has(file));
  const total = own.map((file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length).reduce((sum, size) => sum + size, 0);
  console.log(`${names.at(-1)}: ${(total / 1000).toFixed(1)} kB gzip in ${own.length} files (limit ${limit / 1000} kB)`);
  return total <= limit;
}

const fits = BUDGETS.map(([names, limit]) => check(['index.html', ...names], limit));
if (![...fits, check(...CHARTS, filesOf('index.html'))].every(Boolean)) process.exit(1);

// Fails where the first page (the entry, what it imports at once, and its styles) is too heavy.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 200_000;
const folder = new URL('../../app/web/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8'));

function filesOf(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

let heaviest = 0;
for (const page of ['src/pages/home.tsx', 'src/pages/login.tsx']) {
  const files = filesOf(page, filesOf('index.html'));
  const sizes = [...files].map((file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${page}: ${(total / 1000).toFixed(1)} kB gzip in ${files.size} files (limit ${LIMIT / 1000} kB)`);
  heaviest = Math.max(heaviest, total);
}
if (heaviest > LIMIT) process.exit(1);

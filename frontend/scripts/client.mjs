// Writes src/api/schema.ts from the API's own schema; with --check, fails where it is out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = new URL('../src/api/schema.ts', import.meta.url);
const ownPython = `${root}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(ownPython) ? ownPython : 'python3');
const program = 'import json; from app.main import create_app; print(json.dumps(create_app().openapi()))';

const answer = spawnSync(python, ['-c', program], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
if (answer.status !== 0) {
  console.error(answer.stderr || `${python} could not be started`);
  process.exit(1);
}
const header = '// Generated from the schema of the API by `npm run client`; do not edit.\n\n';
const text = header + astToString(await openapiTS(JSON.parse(answer.stdout), { alphabetize: true }));

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('src/api/schema.ts is older than the schema of the API. Run: npm run client');
  process.exit(1);
}

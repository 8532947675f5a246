import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// A server of the tests' own, with everything it writes in a folder of its own. Workers read this
// file again, so what the first reading chose is handed on by the environment.
process.env.E2E_PORT ??= '8190';
process.env.E2E_FOLDER ??= mkdtempSync(join(tmpdir(), 'segmentation-e2e-'));
process.env.E2E_PROVIDER_PORT ??= String(Number(process.env.E2E_PORT) + 1);
const port = process.env.E2E_PORT;
const provider = process.env.E2E_PROVIDER_PORT;
const python = process.env.PYTHON ?? '.venv/bin/python';
const folder = process.env.E2E_FOLDER;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  // A browser on a crowded machine may be late once; what fails thrice is broken.
  retries: process.env.CI ? 2 : 0,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/app/`,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
  // What has no width of its own to fail at runs once.
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', grepInvert: /@once/, use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
  webServer: [
    { command: `${python} -m oidc_provider_mock --port ${provider}`, cwd: '..', url: `http://127.0.0.1:${provider}/jwks`, timeout: 60_000 },
    {
      command: `${python} run.py --port ${port}`,
      cwd: '..',
      url: `http://127.0.0.1:${port}/ready`,
      timeout: 180_000,
      env: {
        OIDC_ISSUER: `http://127.0.0.1:${provider}`,
        OIDC_CLIENT_ID: 'segments',
        OIDC_CLIENT_SECRET: 's3',
        OIDC_NAME: 'Company login',
        DATABASE_URL: `sqlite:///${folder}/e2e.db`,
        MODELS_DIR: `${folder}/models`,
        DATASETS_DIR: `${folder}/datasets`,
        CUSTOMERS_FILE: `${folder}/customers.csv`,
        SECRET_KEY_FILE: `${folder}/key`,
        BCRYPT_ROUNDS: '4',
        LOG_LEVEL: 'WARNING',
      },
    },
  ],
});

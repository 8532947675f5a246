/** What every test stands on: accounts made by the API, and a console that stays clean. */

import { test as base, expect, request, type APIRequestContext, type Page } from '@playwright/test';

export type Role = 'user' | 'analyst' | 'admin';
export interface Person {
  username: string;
  password: string;
  token: string;
}

const API = `http://127.0.0.1:${process.env.E2E_PORT}`;
let made = 0;

async function signInByApi(api: APIRequestContext, username: string, password: string) {
  const answer = await api.post(`${API}/auth/login`, { data: { username, password } });
  expect(answer.status()).toBe(200);
  return (await answer.json()) as { access_token: string; user: { id: number } };
}

export async function makePerson(role: Role, name?: string): Promise<Person> {
  const api = await request.newContext();
  made += 1;
  const username = name ?? `${role}-${process.pid}-${made}`;
  const password = 'correct horse';
  const created = await api.post(`${API}/auth/register`, { data: { username, password, email: `${username}@example.com`, full_name: 'A Person' } });
  expect(created.status()).toBe(201);
  if (role !== 'user') {
    const admin = await signInByApi(api, 'admin', 'admin123');
    const { id } = (await created.json()) as { id: number };
    await api.put(`${API}/admin/users/${id}/role`, { data: { role }, headers: { Authorization: `Bearer ${admin.access_token}` } });
  }
  const { access_token: token } = await signInByApi(api, username, password);
  await api.dispose();
  return { username, password, token };
}

/** Puts a session into the browser, as a sign-in would have. */
export async function enterAs(page: Page, person: Person): Promise<void> {
  const answer = await page.request.get(`${API}/auth/me`, { headers: { Authorization: `Bearer ${person.token}` } });
  const account: unknown = await answer.json();
  await page.goto('docs');
  await page.evaluate((session) => localStorage.setItem('segmentation.session', JSON.stringify(session)), { token: person.token, account, ended: null });
}

export async function callApi(person: Person, method: 'get' | 'post', path: string, data?: unknown): Promise<unknown> {
  const api = await request.newContext({ extraHTTPHeaders: { Authorization: `Bearer ${person.token}` } });
  const answer = await api[method](API + path, data === undefined ? {} : { data });
  expect(answer.ok()).toBe(true);
  const body: unknown = await answer.json();
  await api.dispose();
  return body;
}

export async function uploadTable(person: Person, name: string, text: string): Promise<unknown> {
  const api = await request.newContext({ extraHTTPHeaders: { Authorization: `Bearer ${person.token}` } });
  const answer = await api.post(`${API}/api/v1/datasets/upload`, { multipart: { file: { name, mimeType: 'text/csv', buffer: Buffer.from(text) } } });
  expect(answer.status()).toBe(201);
  const body: unknown = await answer.json();
  await api.dispose();
  return body;
}

interface Bench {
  /** Statuses of refusals that a test provokes; the browser notes each in its console. */
  provoked: number[];
}

export const test = base.extend<Bench>({
  provoked: [[], { option: true }],
  page: async ({ page, provoked }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      const isProvoked = provoked.some((status) => message.text().includes(`status of ${status} `));
      if (message.type() === 'error' && !isProvoked) errors.push(message.text());
    });
    await use(page);
    expect(errors, 'the console stays clean').toEqual([]);
  },
});

export async function fillCustomer(page: Page): Promise<void> {
  await page.getByLabel('Sex', { exact: true }).selectOption('Female');
  await page.getByLabel('Age', { exact: true }).fill('34');
  await page.getByLabel('Annual income', { exact: true }).fill('65.5');
  await page.getByLabel('Spending score', { exact: true }).fill('72');
  await page.getByLabel('Purchase frequency', { exact: true }).fill('18');
}

export { API, expect };

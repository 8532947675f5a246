/** The typed client of the API: adds the token, and ends the session when it is refused. */

import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '@/api/schema';
import { ServerAway, toApiError } from '@/lib/http';
import { session } from '@/lib/session';

/** Where the API answers: the page's own origin unless the build names another. */
export const API_URL: string = (
  (import.meta.env.VITE_API_URL as string | undefined) ??
  (import.meta.env.DEV && import.meta.env.MODE !== 'test' ? 'http://localhost:8000' : window.location.origin)
).replace(/\/+$/, '');

const authorize: Middleware = {
  onRequest({ request }) {
    const { token } = session.get();
    if (token !== null) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    noteRefusal(request.headers, response.status);
    return response;
  },
  onError() {
    return new ServerAway();
  },
};

/** A refused token ends the session, unless another one has replaced it meanwhile. */
function noteRefusal(headers: Headers, status: number): void {
  const { token } = session.get();
  if (status === 401 && token !== null && headers.get('Authorization') === `Bearer ${token}`) {
    session.end('expired');
  }
}

export const client = createClient<paths>({
  baseUrl: API_URL,
  // Looked up at each call, so that tests can put another in its place.
  fetch: (request) => globalThis.fetch(request),
});
client.use(authorize);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; a bad one is thrown as `ApiError` or `ServerAway`. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw toApiError(response, error);
  return data as T;
}

/** Fetches a file behind the token and hands it to the browser to save. */
export async function download(path: string, filename: string): Promise<void> {
  save(await fetchBlob(path), filename);
}

export async function fetchBlob(path: string): Promise<Blob> {
  const headers = new Headers();
  const { token } = session.get();
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await globalThis.fetch(API_URL + path, { headers });
  } catch {
    throw new ServerAway();
  }
  noteRefusal(headers, response.status);
  if (!response.ok) throw toApiError(response, await response.json().catch(() => null));
  return response.blob();
}

export function save(content: Blob, filename: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

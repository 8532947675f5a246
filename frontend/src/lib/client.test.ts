import { describe, expect, it, vi } from 'vitest';
import { json, serve, signIn } from '@/testing/bench';
import { client, unwrap } from './client';
import { ApiError, ServerAway } from './http';
import { drafts, session } from './session';

const clusters = () => unwrap(client.GET('/clusters'));

describe('the client', () => {
  it('sends the token of the session', async () => {
    signIn();
    const calls = serve({ 'GET /clusters': () => json({ clusters: [] }) });
    await clusters();
    expect(calls[0]?.headers.get('Authorization')).toBe('Bearer a-token');
  });

  it('ends the session when the token is refused, and keeps drafts and the name', async () => {
    signIn();
    drafts.save('predict', { age: '34' });
    serve({ 'GET /clusters': () => json({ detail: 'Could not validate credentials' }, 401) });
    await expect(clusters()).rejects.toThrow('Could not validate credentials');
    expect(session.get()).toMatchObject({ token: null, ended: 'expired', account: { username: 'maria' } });
    expect(drafts.load('predict')).toEqual({ age: '34' });
  });

  it('keeps a session that began while an older token was being refused', async () => {
    signIn();
    serve({
      'GET /clusters': () => {
        session.start('a-newer-token', { id: 1, username: 'maria', email: 'm@example.com', role: 'user', must_change_password: false });
        return json({ detail: 'Could not validate credentials' }, 401);
      },
    });
    await expect(clusters()).rejects.toThrow();
    expect(session.get().token).toBe('a-newer-token');
  });

  it('forgets drafts with a sign-out', () => {
    signIn();
    drafts.save('predict', { age: '34' });
    session.end('left');
    expect(drafts.load('predict')).toBeNull();
  });

  it('puts the server’s field errors under their fields, in plain words', async () => {
    serve({ 'GET /clusters': () => json({ detail: [{ type: 'x', loc: ['body', 'age'], msg: 'Value error, must be a number' }] }, 422) });
    await expect(clusters()).rejects.toMatchObject({ status: 422, fields: { age: 'Must be a number' } });
  });

  it('tells when to try again', async () => {
    serve({ 'GET /clusters': () => json({ detail: 'Slow down' }, 429, { 'Retry-After': '7' }) });
    await expect(clusters()).rejects.toMatchObject({ message: 'Slow down', retryAfter: 7 });
  });

  it('says that the server is away when nothing answers, or only a proxy does', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(clusters()).rejects.toBeInstanceOf(ServerAway);
    serve({ 'GET /clusters': () => new Response('<h1>Bad gateway</h1>', { status: 502 }) });
    await expect(clusters()).rejects.toBeInstanceOf(ServerAway);
  });

  it('does not take the words of a broken answer for the server’s', async () => {
    serve({ 'GET /clusters': () => new Response('<h1>Oops</h1>', { status: 501 }) });
    const error: unknown = await clusters().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: 'The server returned an error (501)' });
  });

  it.each([json({ detail: 'Internal server error' }, 500), new Response('Internal Server Error', { status: 500 })])('says what to do where the server itself had a problem', async (answer) => {
    serve({ 'GET /clusters': () => answer });
    await expect(clusters()).rejects.toMatchObject({ status: 500, message: 'Something went wrong on the server. Try again. If the problem persists, contact your administrator.' });
  });
});

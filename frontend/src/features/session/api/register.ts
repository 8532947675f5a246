import { useMutation } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';
import { login } from './login';

export type Registration = components['schemas']['UserCreate'];

/** Creates the account and signs in with it. */
async function register(body: Registration) {
  await unwrap(client.POST('/auth/register', { body }));
  return login({ username: body.username, password: body.password });
}

export function useRegister() {
  return useMutation({
    mutationFn: register,
    onSuccess: ({ access_token, user }) => session.start(access_token, user),
  });
}

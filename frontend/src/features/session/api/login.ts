import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';

export interface Credentials {
  username: string;
  password: string;
}

export const login = (body: Credentials) => unwrap(client.POST('/auth/login', { body }));

export function useLogin() {
  return useMutation({
    mutationFn: login,
    onSuccess: ({ access_token, user }) => session.start(access_token, user),
  });
}

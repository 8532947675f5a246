import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';

/** Replaces a one-time password; the session goes on. */
export function useSetPassword() {
  return useMutation({
    mutationFn: (body: { password: string; current_password?: string }) => unwrap(client.PUT('/users/me', { body })),
    onSuccess: ({ id, username, email, role, must_change_password }) =>
      session.update({ id, username, email, role, must_change_password }),
  });
}

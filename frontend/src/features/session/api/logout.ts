import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import { session } from '@/lib/session';

/** The browser forgets the token whether or not the server could be told. */
export function useLogout() {
  return useMutation({
    mutationFn: () => unwrap(client.POST('/auth/logout')),
    onSettled: () => session.end('left'),
  });
}

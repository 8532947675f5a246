import type { User } from '../api/users';

interface Context {
  ownId: number;
  /** How many administrators are active, this one included. */
  activeAdmins: number;
}

/** Why an account cannot be demoted, deactivated or deleted; undefined where it can. */
export function refusal(user: Pick<User, 'id' | 'role' | 'is_active'>, { ownId, activeAdmins }: Context): string | undefined {
  if (user.id === ownId) return 'This is your own account';
  if (user.role === 'admin' && user.is_active && activeAdmins <= 1) return 'This is the last active administrator';
  return undefined;
}

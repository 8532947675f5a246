import { Button } from '@/components/button';
import { Chooser } from '@/components/field';
import { toast } from '@/components/toast';
import { plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { ROLES, type Role } from '@/lib/session';
import { useChangeUsers, type User, type UserChanges } from '../api/users';

type Change = Pick<UserChanges, 'role' | 'is_active'>;
const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });

/** What can be done with several users at once, with a way back to what each was. */
export function BulkBar({ users, onDone }: { users: readonly User[]; onDone: () => void }) {
  const change = useChangeUsers();
  const undo = (changed: readonly number[], next: Change): void => {
    const before = users.filter(({ id }) => changed.includes(id));
    const groups: UserChanges[] =
      next.role == null
        ? [true, false].map((is_active) => ({ is_active, ids: before.filter((user) => user.is_active === is_active).map(({ id }) => id) }))
        : ROLES.map((role) => ({ role, ids: before.filter((user) => user.role === role).map(({ id }) => id) }));
    void Promise.all(groups.filter(({ ids }) => ids.length > 0).map((group) => change.mutateAsync(group))).catch(failed);
  };
  const apply = (next: Change, said: string): void =>
    change.mutate(
      { ids: users.map(({ id }) => id), ...next },
      {
        onSuccess: ({ changed, unchanged }) => {
          const ids = changed.map(({ id }) => id);
          if (ids.length > 0) toast(`${plural(ids.length, 'user')} ${ids.length === 1 ? 'is' : 'are'} ${said}`, { about: 'users', undo: () => undo(ids, next) });
          for (const reason of new Set(unchanged.map(({ detail }) => detail))) {
            const names = unchanged.filter(({ detail }) => detail === reason).map(({ id }) => users.find((user) => user.id === id)?.username ?? id);
            toast(`${names.join(', ')}: ${reason}`, { tone: 'danger' });
          }
          onDone();
        },
        onError: failed,
      },
    );
  return (
    <div role="group" aria-label="Selected users" className="flex flex-wrap items-center gap-2 border-y border-line bg-sunken px-4 py-2 text-small md:px-5">
      <span className="mr-2 font-strong" aria-live="polite">
        {plural(users.length, 'user')} selected
      </span>
      <Chooser
        aria-label="Role of the selected users"
        className="min-h-11 rounded-control border border-edge bg-surface pl-2 md:min-h-9"
        value=""
        disabled={change.isPending}
        onChange={(event) => apply({ role: event.target.value as Role }, `now ${event.target.value}`)}
      >
        <option value="">Set role</option>
        {ROLES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </Chooser>
      <Button disabled={change.isPending} onClick={() => apply({ is_active: true }, 'active')}>
        Activate
      </Button>
      <Button disabled={change.isPending} onClick={() => apply({ is_active: false }, 'deactivated and signed out')}>
        Deactivate
      </Button>
      <Button look="quiet" onClick={onDone}>
        Clear selection
      </Button>
    </div>
  );
}

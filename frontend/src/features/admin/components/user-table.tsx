import { useState } from 'react';
import { Button, IconButton } from '@/components/button';
import { Confirm, Dialog } from '@/components/dialog';
import { Chooser, Select, TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { LongName } from '@/components/long-name';
import { Menu, MenuItem } from '@/components/menu';
import { Secret } from '@/components/secret';
import { Badge, Empty, Loaded, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { forgetToastsAbout, toast } from '@/components/toast';
import { usePagedAddress, useSorting, useTypedAddress } from '@/lib/address';
import { useKept } from '@/lib/form';
import { formatAgo, formatCount, formatTime, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { ROLES, useAccount, type Role } from '@/lib/session';
import { useChangeRole, useDeleteUser, useResetPassword, useToggleActive, useUsers, type User } from '../api/users';
import { BulkBar } from './bulk-bar';
import { refusal } from './refusals';

const PAGE_SIZE = 25;
const SORTS = ['username', 'role', 'created_at', 'last_sign_in_at'] as const;
const STATES = ['active', 'inactive'] as const;

export function UserTable() {
  const { id: ownId } = useAccount();
  const paged = usePagedAddress();
  const { address, skip, change } = paged;
  const [search, searchFor] = useTypedAddress(paged, 'search');
  const { sorting, order, sortBy } = useSorting(paged, SORTS);
  const [deleting, setDeleting] = useKept<User | null>('user-delete', null);
  // As the address has it, so that it changes together with the page.
  const wanted = (address.get('search') ?? '').trim();
  const role = ROLES.find((each) => each === address.get('role'));
  const state = STATES.find((each) => each === address.get('state'));
  const query = useUsers({
    skip,
    limit: PAGE_SIZE,
    ...(wanted ? { search: wanted } : {}),
    ...(role ? { role } : {}),
    ...(state ? { is_active: state === 'active' } : {}),
    ...order,
  });
  // Every other administrator counts, wherever the filters and the page are.
  const admins = useUsers({ role: 'admin', is_active: true, limit: 1 });
  const changeRole = useChangeRole();
  const toggle = useToggleActive();
  const remove = useDeleteUser();
  const reset = useResetPassword();
  // Kept over pages, as they were when last seen.
  const [selected, setSelected] = useState<ReadonlyMap<number, User>>(new Map());
  const select = (users: readonly User[], isChosen: boolean): void => {
    const next = new Map(selected);
    for (const user of users) {
      if (isChosen) next.set(user.id, user);
      else next.delete(user.id);
    }
    setSelected(next);
  };
  const failed = (error: Error): void => toast(messageOf(error), { tone: 'danger' });
  const context = { ownId, activeAdmins: admins.data?.total ?? 1 };

  const setRoleOf = (user: User, next: Role): void =>
    changeRole.mutate(
      { id: user.id, role: next },
      {
        onSuccess: () =>
          toast(`${user.username} is now ${next}`, { about: `user/${user.id}/role`, undo: () => void changeRole.mutateAsync({ id: user.id, role: user.role }).catch(failed) }),
        onError: failed,
      },
    );

  const toggleActive = (user: User): void =>
    toggle.mutate(user.id, {
      onSuccess: (after) =>
        toast(`${user.username} is ${after.is_active ? 'active' : 'deactivated and signed out'}`, {
          about: `user/${user.id}/state`,
          undo: () => void toggle.mutateAsync(user.id).catch(failed),
        }),
      onError: failed,
    });

  const columns: Column<User>[] = [
    {
      id: 'selected',
      title: '',
      cell: (user) => (
        <label className="-m-2 flex size-11 items-center justify-center">
          <input type="checkbox" className="size-4 accent-accent" aria-label={`Select ${user.username}`} checked={selected.has(user.id)} onChange={(event) => select([user], event.target.checked)} />
        </label>
      ),
    },
    {
      id: 'username',
      title: 'User',
      sort: (user) => user.username,
      className: 'max-w-0 w-full',
      cell: (user) => (
        <div className="flex min-w-0 flex-col max-md:py-1">
          <span className="line-clamp-5 font-strong" title={user.username}>
            <LongName>{user.username}</LongName>
            {user.id === ownId ? <span className="font-normal text-soft"> (you)</span> : null}
          </span>
          {user.full_name ? (
            <span className="line-clamp-2 text-soft" title={user.full_name}>
              {user.full_name}
            </span>
          ) : null}
          <span className="line-clamp-3 text-soft" title={user.email}>
            <LongName>{user.email}</LongName>
          </span>
          <span className="mt-1 flex flex-wrap items-center gap-x-2 md:hidden">
            <State user={user} />
            <LastSignIn user={user} />
          </span>
        </div>
      ),
    },
    {
      id: 'role',
      title: 'Role',
      sort: (user) => user.role,
      cell: (user) => {
        const refused = refusal(user, context);
        // Until the administrators are counted, nobody is said to be the last.
        const reason = admins.isPending ? undefined : refused;
        return (
          <div className="flex flex-col gap-1 py-1">
            <Chooser
              aria-label={`Role of ${user.username}`}
              aria-describedby={reason ? `refused-${user.id}` : undefined}
              className="min-h-11 rounded-control border border-edge bg-surface pl-2 disabled:border-line disabled:text-soft md:min-h-8"
              value={user.role}
              disabled={refused !== undefined || changeRole.isPending}
              title={refused}
              onChange={(event) => setRoleOf(user, event.target.value as Role)}
            >
              {ROLES.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Chooser>
            {reason ? (
              <span id={`refused-${user.id}`} className="max-w-28 text-soft">
                {reason}
              </span>
            ) : null}
          </div>
        );
      },
    },
    { id: 'state', title: 'State', wideOnly: true, cell: (user) => <State user={user} /> },
    { id: 'last_sign_in_at', title: 'Last sign-in', wideOnly: true, sort: (user) => user.last_sign_in_at ?? '', cell: (user) => <LastSignIn user={user} /> },
    { id: 'predictions', title: 'Predictions', number: true, wideOnly: true, cell: (user) => formatCount(user.total_predictions) },
    { id: 'profiles', title: 'Customers', number: true, wideOnly: true, cell: (user) => formatCount(user.total_profiles) },
    {
      id: 'created_at',
      title: 'Since',
      sort: (user) => user.created_at,
      wideOnly: true,
      cell: (user) => (
        <time dateTime={user.created_at} title={formatTime(user.created_at)} className="whitespace-nowrap text-soft">
          {formatAgo(user.created_at)}
        </time>
      ),
    },
    {
      id: 'actions',
      title: '',
      cell: (user) => {
        const refused = refusal(user, context);
        return (
          <div className="flex justify-end">
            <Menu trigger={<IconButton icon="more" label={`Actions for ${user.username}`} />}>
              <MenuItem refused={refused} onSelect={() => toggleActive(user)}>
                {user.is_active ? 'Deactivate' : 'Activate'}
              </MenuItem>
              <MenuItem
                refused={user.id === ownId ? 'This is your own account; change it under Settings' : undefined}
                onSelect={() => reset.mutate(user.id, { onError: failed })}
              >
                Create a one-time password
              </MenuItem>
              <MenuItem danger refused={refused} onSelect={() => setDeleting(user)}>
                Delete
              </MenuItem>
            </Menu>
          </div>
        );
      },
    },
  ];

  return (
    <>
      <search className="grid grid-cols-2 gap-3 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <TextField label="Search" type="search" fieldClass="max-md:col-span-2" placeholder="Name, username or email" value={search} onChange={(event) => searchFor(event.target.value)} />
        <Select label="Role" value={role ?? ''} onChange={(event) => change({ role: event.target.value })}>
          <option value="">All roles</option>
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
        <Select label="State" value={state ?? ''} onChange={(event) => change({ state: event.target.value })}>
          <option value="">All</option>
          <option value="active">Active</option>
          <option value="inactive">Inactive</option>
        </Select>
      </search>
      <Section title={query.data ? plural(query.data.total, 'user') : 'Users'} flush>
        <Loaded query={query} skeleton={<SkeletonRows />}>
          {(data) =>
            data.users.length > 0 ? (
              <>
                {selected.size > 0 ? <BulkBar users={[...selected.values()].map((user) => data.users.find(({ id }) => id === user.id) ?? user)} onDone={() => setSelected(new Map())} /> : null}
                <label className="flex min-h-11 items-center gap-3 px-4 text-small text-soft md:px-5">
                  <input type="checkbox" className="size-4 accent-accent" checked={data.users.every(({ id }) => selected.has(id))} onChange={(event) => select(data.users, event.target.checked)} />
                  Select all on this page
                </label>
                <Table caption={sorting ? 'Users' : 'Users, newest first'} columns={columns} rows={data.users} rowKey={(user) => user.id} sorting={sorting} onSort={sortBy} />
                <Pager skip={skip} limit={PAGE_SIZE} total={data.total} onChange={(next) => change({ skip: String(next) })} />
              </>
            ) : (
              <Empty
                icon="search"
                title="No users found"
                action={<Button onClick={paged.clear}>Clear filters</Button>}
              >
                No accounts match these filters.
              </Empty>
            )
          }
        </Loaded>
      </Section>
      {deleting ? (
        <Confirm
          title={`Delete ${deleting.username}?`}
          description={`${plural(deleting.total_profiles, 'saved customer')} and ${plural(deleting.total_predictions, 'prediction')} are deleted with the account. This cannot be undone.`}
          typed={deleting.username}
          action="Delete user"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() =>
            remove.mutate(deleting.id, {
              onSuccess: () => {
                forgetToastsAbout(`user/${deleting.id}`);
                toast(`${deleting.username} is deleted`);
                select([deleting], false);
                setDeleting(null);
              },
            })
          }
          onClose={() => {
            remove.reset();
            setDeleting(null);
          }}
        />
      ) : null}
      {reset.data ? (
        <Dialog
          title={`One-time password for ${reset.data.username}`}
          description="This password is shown only once. It must be changed at the next sign-in, and all of the user’s sessions have ended."
          onClose={reset.reset}
        >
          <Secret label="One-time password">{reset.data.one_time_password}</Secret>
        </Dialog>
      ) : null}
    </>
  );
}

const State = ({ user: { is_active } }: { user: User }) => <Badge tone={is_active ? 'good' : 'plain'}>{is_active ? 'Active' : 'Inactive'}</Badge>;

function LastSignIn({ user: { last_sign_in_at: at } }: { user: User }) {
  return at === null ? (
    <span className="text-soft">
      Never<span className="md:hidden"> signed in</span>
    </span>
  ) : (
    <time dateTime={at} title={formatTime(at)} className="text-soft md:whitespace-nowrap">
      {formatAgo(at)}
    </time>
  );
}

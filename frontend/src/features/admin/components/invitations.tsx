import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm, Dialog } from '@/components/dialog';
import { FormProblem, Select, TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { LongName } from '@/components/long-name';
import { Secret } from '@/components/secret';
import { Badge, Empty, Loaded, SkeletonRows } from '@/components/states';
import { Table, type Column } from '@/components/table';
import { toast } from '@/components/toast';
import { formatAgo, formatDay, formatTime, plural } from '@/lib/format';
import { ApiError, messageOf } from '@/lib/http';
import { ROLES, type Role } from '@/lib/session';
import { useInvitations, useInvite, useRevokeInvitation, type Invitation } from '../api/invitations';

const isOver = ({ expires_at }: Invitation): boolean => new Date(expires_at) <= new Date();
const isOpen = (invitation: Invitation): boolean => invitation.used_at === null && !isOver(invitation);

/** Links by which people make their accounts: who made them, and what became of them. */
export function Invitations() {
  const invitations = useInvitations();
  const revoke = useRevokeInvitation();
  const [inviting, setInviting] = useState(false);
  const [chosen, setChosen] = useState<Invitation | null>(null);
  const columns: Column<Invitation>[] = [
    {
      id: 'for',
      title: 'For',
      className: 'max-w-0 w-full',
      cell: (row) => (
        <div className="flex flex-col max-md:py-1">
          <span className="font-strong">{row.used_by ?? <LongName>{row.email ?? 'Anyone with the link'}</LongName>}</span>
          <span className="text-soft">
            Role {row.role}; by {row.created_by}, {formatAgo(row.created_at)}
          </span>
          <span className="mt-1 md:hidden">
            <State invitation={row} />
          </span>
        </div>
      ),
    },
    {
      id: 'state',
      title: 'State',
      wideOnly: true,
      cell: (row) => <State invitation={row} />,
    },
    {
      id: 'actions',
      title: '',
      cell: (row) =>
        isOpen(row) ? (
          <Button look="danger" onClick={() => setChosen(row)}>
            Revoke
          </Button>
        ) : null,
    },
  ];
  const count = invitations.data?.length;
  return (
    <>
      <Section
        title={count === undefined ? 'Invitations' : plural(count, 'invitation')}
        flush
        actions={
          <Button icon="plus" onClick={() => setInviting(true)}>
            Invite someone
          </Button>
        }
      >
        <Loaded query={invitations} skeleton={<SkeletonRows rows={3} />}>
          {(rows) =>
            rows.length > 0 ? (
              <Table caption="Invitations, newest first" columns={columns} rows={rows} rowKey={(row) => row.id} />
            ) : (
              <Empty icon="customers" title="No invitations yet">
                An invitation is a link by which one person makes an account with the role that you choose.
              </Empty>
            )
          }
        </Loaded>
      </Section>
      {inviting ? <Invite onClose={() => setInviting(false)} /> : null}
      {chosen ? (
        <Confirm
          title="Revoke this invitation?"
          description="Its link stops working immediately. Accounts that exist are kept."
          action="Revoke invitation"
          busy={revoke.isPending}
          problem={revoke.error?.message}
          onConfirm={() =>
            revoke.mutate(chosen.id, {
              onSuccess: () => {
                toast('The invitation is revoked');
                setChosen(null);
              },
            })
          }
          onClose={() => {
            revoke.reset();
            setChosen(null);
          }}
        />
      ) : null}
    </>
  );
}

function State({ invitation }: { invitation: Invitation }) {
  if (invitation.used_at !== null) {
    return (
      <span title={formatTime(invitation.used_at)}>
        <Badge>Used</Badge>
      </span>
    );
  }
  return isOver(invitation) ? <Badge>Expired</Badge> : <Badge tone="good">Until {formatDay(invitation.expires_at)}</Badge>;
}

function Invite({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const [role, setRole] = useState<Role>('user');
  const [email, setEmail] = useState('');
  const [days, setDays] = useState('7');
  const fields = invite.error instanceof ApiError ? invite.error.fields : {};
  if (invite.data) {
    return (
      <Dialog title="Send this link" description={`It is shown only once and works once, until ${formatDay(invite.data.expires_at)}.`} onClose={onClose}>
        <Secret label="Invitation link">{invite.data.link}</Secret>
      </Dialog>
    );
  }
  return (
    <Dialog title="Invite someone" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ role, expires_in_days: Number(days), ...(email.trim() === '' ? {} : { email: email.trim() }) });
        }}
      >
        <Select label="Role" error={fields.role} value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
        <TextField label="Email" type="email" hint="Optional: the link then works for this address alone" error={fields.email} value={email} onChange={(event) => setEmail(event.target.value)} />
        <TextField label="Days it works" type="number" min={1} max={90} required error={fields.expires_in_days} value={days} onChange={(event) => setDays(event.target.value)} />
        <FormProblem>{invite.error && Object.keys(fields).length === 0 ? messageOf(invite.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={invite.isPending}>
            Create the link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

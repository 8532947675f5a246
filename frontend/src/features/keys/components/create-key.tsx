import { useState } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, Select, TextField } from '@/components/field';
import { Secret } from '@/components/secret';
import { ApiError, messageOf } from '@/lib/http';
import { hasRole, ROLES, useAccount, type Role } from '@/lib/session';
import { useCreateKey, type Scope } from '../api/keys';

const SCOPES: Record<Scope, string> = { read: 'Read everything that you can see', score: 'Place customers and analyse records', manage: 'Change and delete, as you can' };

/** Asks what a new key is for, and shows it this once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const account = useAccount();
  const create = useCreateKey();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const [role, setRole] = useState<Role>(account.role);
  const [day, setDay] = useState('');
  const [password, setPassword] = useState('');
  const fields = create.error instanceof ApiError ? create.error.fields : {};
  if (create.data) {
    return (
      <Dialog title={`Key ${create.data.name}`} description="This key is shown only once. Send it in the header X-API-Key." onClose={onClose}>
        <Secret label="API key">{create.data.key}</Secret>
      </Dialog>
    );
  }
  return (
    <Dialog title="Create an API key" description="A program that has it calls in your name." onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            name: name.trim(),
            scopes: [...scopes],
            role,
            // The whole of its last day.
            ...(day === '' ? {} : { expires_at: new Date(`${day}T23:59:59`).toISOString() }),
            ...(password === '' ? {} : { current_password: password }),
          });
        }}
      >
        <TextField label="Name" required maxLength={100} hint="What it is for, such as nightly scoring" error={fields.name} value={name} onChange={(event) => setName(event.target.value)} />
        <fieldset>
          <legend className="text-small font-strong">What it may do</legend>
          {Object.entries(SCOPES).map(([scope, text]) => (
            <label key={scope} className="flex min-h-11 items-center gap-2 text-small md:min-h-8">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={scopes.includes(scope as Scope)}
                onChange={(event) => setScopes(event.target.checked ? [...scopes, scope as Scope] : scopes.filter((each) => each !== scope))}
              />
              {text}
            </label>
          ))}
        </fieldset>
        <Select label="Role" hint="No higher than yours" error={fields.role} value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {ROLES.filter((each) => hasRole(account, each)).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
        <TextField label="Last day" type="date" hint="Optional" error={fields.expires_at} value={day} onChange={(event) => setDay(event.target.value)} />
        <TextField label="Current password, unless you signed in just now" type="password" autoComplete="current-password" error={fields.current_password} value={password} onChange={(event) => setPassword(event.target.value)} />
        <FormProblem>{create.error && Object.keys(fields).length === 0 ? messageOf(create.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending} disabled={name.trim() === '' || scopes.length === 0}>
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { TextField } from '@/components/field';
import { useKept } from '@/lib/form';
import { useAccount } from '@/lib/session';
import { useDeleteAccount } from '../api/account';

export function DeleteAccount() {
  const account = useAccount();
  const [asking, setAsking] = useKept('account-delete', false);
  const [password, setPassword] = useState('');
  const remove = useDeleteAccount();
  const isAdmin = account.role === 'admin';
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-small text-soft">
        {isAdmin
          ? 'Administrators cannot delete their own account. Ask another administrator.'
          : 'This permanently deletes your account, your saved customers and your history.'}
      </p>
      <Button look="danger" disabled={isAdmin} onClick={() => setAsking(true)}>
        Delete account
      </Button>
      {asking ? (
        <Confirm
          title="Delete your account?"
          description="This also deletes your saved customers and your history. It cannot be undone."
          typed={account.username}
          action="Delete account"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() => remove.mutate(password)}
          onClose={() => setAsking(false)}
        >
          <TextField
            label="Current password, unless you signed in just now"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Confirm>
      ) : null}
    </div>
  );
}

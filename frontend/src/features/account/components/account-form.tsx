import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { z } from 'zod';
import type { components } from '@/api/schema';
import { Button } from '@/components/button';
import { FormProblem, TextField } from '@/components/field';
import { toast } from '@/components/toast';
import { showProblem, useDraft, useStart, useUnhurriedForm } from '@/lib/form';
import { useUpdateAccount } from '../api/account';

const schema = z.object({
  full_name: z.string().trim().max(200, 'Use at most 200 characters'),
  username: z
    .string()
    .trim()
    .min(3, 'Use at least 3 characters')
    .max(50, 'Use at most 50 characters')
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/, 'Use letters, digits, dots, dashes and underscores'),
  email: z.string().trim().pipe(z.email('Enter an email address')),
});

export function AccountForm({ account }: { account: components['schemas']['UserProfile'] }) {
  const [problem, setProblem] = useState<string>();
  // Apart from the form, whose draft is kept in the browser.
  const [password, setPassword] = useState('');
  const start = useStart('account', { full_name: account.full_name ?? '', username: account.username, email: account.email });
  const form = useUnhurriedForm({ resolver: zodResolver(schema), defaultValues: start });
  const draft = useDraft(form, 'account');
  const { errors } = form.formState;
  const update = useUpdateAccount();
  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    update.mutate(password ? { ...values, current_password: password } : values, {
      onSuccess: () => {
        draft.drop();
        setPassword('');
        toast('Account saved');
      },
      onError: (error) => setProblem(showProblem(form, error)),
    });
  });
  return (
    <form className="flex max-w-md flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
      <TextField label="Full name" autoComplete="name" error={errors.full_name?.message} {...form.register('full_name')} />
      <TextField label="Username" autoComplete="username" error={errors.username?.message} {...form.register('username')} />
      <TextField label="Email" type="email" autoComplete="email" error={errors.email?.message} {...form.register('email')} />
      {form.watch('email') !== account.email ? (
        <TextField
          label="Current password, unless you signed in just now"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      ) : null}
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" busy={update.isPending} className="self-start">
        Save changes
      </Button>
    </form>
  );
}

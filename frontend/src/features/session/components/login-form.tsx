import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { z } from 'zod';
import { Button } from '@/components/button';
import { FormProblem, TextField } from '@/components/field';
import { Notice } from '@/components/states';
import { showProblem, useUnhurriedForm } from '@/lib/form';
import { useSession } from '@/lib/session';
import { useLogin } from '../api/login';

const schema = z.object({
  username: z.string().trim().min(1, 'Enter your username or email'),
  password: z.string().min(1, 'Enter your password'),
});

export function LoginForm({ action = 'Sign in' }: { action?: string }) {
  const { account, ended } = useSession();
  const [problem, setProblem] = useState<string>();
  const known = account?.username ?? '';
  const form = useUnhurriedForm({ resolver: zodResolver(schema), defaultValues: { username: known, password: '' } });
  const { errors } = form.formState;
  const login = useLogin();
  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    login.mutate(values, { onError: (error) => setProblem(showProblem(form, error)) });
  });
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
      {ended === 'expired' ? <Notice tone="warn">Your session has ended. Sign in again to continue where you left off; your input has been kept.</Notice> : null}
      <TextField
        label="Username or email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the form is what this page is for
        autoFocus={known === ''}
        error={errors.username?.message}
        {...form.register('username')}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the name is known after an expiry
        autoFocus={known !== ''}
        error={errors.password?.message}
        {...form.register('password')}
      />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" busy={login.isPending}>
        {action}
      </Button>
    </form>
  );
}

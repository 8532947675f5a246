import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '@/components/button';
import { FormProblem, TextField } from '@/components/field';
import { showProblem, useUnhurriedForm } from '@/lib/form';
import { useRegister } from '../api/register';
import { newPassword, PasswordRules } from './password-rules';

const schema = z.object({
  full_name: z.string().trim().max(200, 'Use at most 200 characters'),
  email: z.string().trim().pipe(z.email('Enter an email address, like maria@example.com')),
  username: z
    .string()
    .trim()
    .min(3, 'Use at least 3 characters')
    .max(50, 'Use at most 50 characters')
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/, 'Use letters, digits, dots, dashes and underscores, starting with a letter or digit'),
  password: newPassword,
});

/** With an invitation, the account gets the role that it names. */
export function RegisterForm({ invitation = null }: { invitation?: string | null }) {
  const [problem, setProblem] = useState<string>();
  const form = useUnhurriedForm({
    resolver: zodResolver(schema),
    defaultValues: { full_name: '', email: '', username: '', password: '' },
  });
  const { errors } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });
  const register = useRegister();
  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    register.mutate(invitation === null ? values : { ...values, invitation }, {
      onError: (error) => setProblem(showProblem(form, error)),
    });
  });
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
      {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the form is what this page is for */}
      <TextField label="Full name" hint="Optional" autoComplete="name" autoFocus error={errors.full_name?.message} {...form.register('full_name')} />
      <TextField label="Email" type="email" autoComplete="email" error={errors.email?.message} {...form.register('email')} />
      <TextField
        label="Username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint="3 to 50 letters, digits, dots, dashes or underscores"
        error={errors.username?.message}
        {...form.register('username')}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint={<PasswordRules password={password} />}
        error={errors.password?.message}
        {...form.register('password')}
      />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" busy={register.isPending}>
        Create account
      </Button>
    </form>
  );
}

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '@/components/button';
import { FormProblem, TextField } from '@/components/field';
import { showProblem, useUnhurriedForm } from '@/lib/form';
import { useSetPassword } from '../api/set-password';
import { newPassword, PasswordRules } from './password-rules';

const schema = z.object({ password: newPassword, current_password: z.string() });

interface NewPasswordFormProps {
  /** The settings page asks for the current password; after a one-time one it has just been given. */
  askCurrent?: boolean;
  onDone: () => void;
}

export function NewPasswordForm({ askCurrent = false, onDone }: NewPasswordFormProps) {
  const [problem, setProblem] = useState<string>();
  const form = useUnhurriedForm({ resolver: zodResolver(schema), defaultValues: { password: '', current_password: '' } });
  const { errors } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });
  const change = useSetPassword();
  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    change.mutate(askCurrent ? values : { password: values.password }, {
      onSuccess: () => {
        form.reset();
        onDone();
      },
      onError: (error) => setProblem(showProblem(form, error)),
    });
  });
  return (
    <form className="flex max-w-md flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
      {askCurrent ? (
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          error={errors.current_password?.message}
          {...form.register('current_password')}
        />
      ) : null}
      <TextField
        // eslint-disable-next-line jsx-a11y/no-autofocus -- after a one-time password the form is what the page is for
        autoFocus={!askCurrent}
        label="New password"
        type="password"
        autoComplete="new-password"
        hint={<PasswordRules password={password} />}
        error={errors.password?.message}
        {...form.register('password')}
      />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" busy={change.isPending} className="self-start">
        Change password
      </Button>
    </form>
  );
}

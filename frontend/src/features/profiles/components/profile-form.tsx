import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, Select, TextArea, TextField } from '@/components/field';
import { Notice } from '@/components/states';
import { EMPTY_CUSTOMER, hintOf, NUMBER_FIELDS, partialCustomer } from '@/lib/customer';
import { showProblem, useDraft, useStart, useUnhurriedForm } from '@/lib/form';
import { useCreateProfile, useUpdateProfile, type Profile } from '../api/profiles';

const schema = z.object({
  name: z.string().trim().min(1, 'Enter a name').max(200, 'Use at most 200 characters'),
  ...partialCustomer,
  notes: z.string().max(10_000, 'Use at most 10,000 characters'),
});

type Values = Record<keyof typeof EMPTY_CUSTOMER | 'name' | 'notes', string>;

const text = (value: string | number | null): string => (value === null ? '' : String(value));

function valuesOf(profile: Profile | null): Values {
  if (profile === null) return { name: '', ...EMPTY_CUSTOMER, notes: '' };
  const { name, sex, age, annual_income, spending_score, purchase_frequency, notes } = profile;
  return {
    name,
    sex: text(sex),
    age: text(age),
    annual_income: text(annual_income),
    spending_score: text(spending_score),
    purchase_frequency: text(purchase_frequency),
    notes: text(notes),
  };
}

export function ProfileForm({ profile, onClose, onSaved }: { profile: Profile | null; onClose: () => void; onSaved: (name: string) => void }) {
  const [problem, setProblem] = useState<string>();
  const draftName = `profile-${profile?.id ?? 'new'}`;
  const saved = valuesOf(profile);
  const start = useStart(draftName, saved);
  const isBack = Object.entries(saved).some(([name, value]) => start[name as keyof Values] !== value);
  const form = useUnhurriedForm<Values, unknown, z.output<typeof schema>>({ resolver: zodResolver(schema), defaultValues: start });
  const draft = useDraft(form, draftName);
  const { errors } = form.formState;
  const typed = useWatch({ control: form.control });
  const create = useCreateProfile();
  const update = useUpdateProfile();
  const cancel = (): void => {
    draft.drop();
    onClose();
  };
  const submit = form.handleSubmit((content) => {
    setProblem(undefined);
    const done = {
      onSuccess: () => {
        draft.drop();
        onSaved(content.name);
      },
      onError: (error: Error) => setProblem(showProblem(form, error)),
    };
    if (profile) update.mutate({ id: profile.id, ...content }, done);
    else create.mutate(content, done);
  });
  return (
    <Dialog title={profile ? 'Edit customer' : 'New customer'} onClose={onClose}>
      <form className="grid grid-cols-1 gap-4 sm:grid-cols-2" onSubmit={(event) => void submit(event)} noValidate>
        {isBack ? (
          <div className="col-span-full">
            <Notice>We restored your unsaved changes. Cancel discards them.</Notice>
          </div>
        ) : null}
        <TextField label="Name" fieldClass="col-span-full" error={errors.name?.message} {...form.register('name')} />
        <p className="col-span-full -my-1 text-small text-soft">Leave unknown fields empty; a prediction needs all five.</p>
        <Select label="Sex" error={errors.sex?.message} {...form.register('sex')}>
          <option value="">Not known</option>
          <option>Female</option>
          <option>Male</option>
        </Select>
        {NUMBER_FIELDS.map(({ name, label, mode }) => (
          <TextField key={name} label={label} hint={hintOf(name, typed[name])} inputMode={mode} error={errors[name]?.message} {...form.register(name)} />
        ))}
        <TextArea label="Notes" rows={4} fieldClass="col-span-full" error={errors.notes?.message} {...form.register('notes')} />
        <div className="col-span-full flex flex-col gap-3">
          <FormProblem>{problem}</FormProblem>
          <div className="flex justify-end gap-2">
            <Button onClick={cancel}>Cancel</Button>
            <Button type="submit" look="primary" busy={create.isPending || update.isPending}>
              {profile ? 'Save changes' : 'Save customer'}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}

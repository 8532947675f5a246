import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import type { z } from 'zod';
import { Button } from '@/components/button';
import { FormProblem, Select, TextField } from '@/components/field';
import { customerSchema, EMPTY_CUSTOMER, hintOf, NUMBER_FIELDS } from '@/lib/customer';
import { showProblem, useDraft, useStart, useUnhurriedForm } from '@/lib/form';
import { usePredict, type Prediction } from '../api/predict';

const DRAFT = 'predict';
type Values = Record<keyof typeof EMPTY_CUSTOMER, string>;

const EXAMPLE: Values = { sex: 'Female', age: '34', annual_income: '65.5', spending_score: '72', purchase_frequency: '18' };

export function PredictForm({ onPrediction }: { onPrediction: (prediction: Prediction) => void }) {
  const [problem, setProblem] = useState<string>();
  const start = useStart<Values>(DRAFT, EMPTY_CUSTOMER);
  const form = useUnhurriedForm<Values, unknown, z.output<typeof customerSchema>>({
    resolver: zodResolver(customerSchema),
    defaultValues: start,
  });
  const draft = useDraft(form, DRAFT);
  const { errors } = form.formState;
  const typed = useWatch({ control: form.control });
  const predict = usePredict();
  const submit = form.handleSubmit((customer) => {
    setProblem(undefined);
    predict.mutate(customer, {
      onSuccess: (prediction) => {
        draft.drop();
        onPrediction(prediction);
      },
      onError: (error) => setProblem(showProblem(form, error)),
    });
  });
  return (
    <form className="grid grid-cols-1 gap-4 min-[30rem]:grid-cols-2 lg:grid-cols-1 xl:grid-cols-2" onSubmit={(event) => void submit(event)} noValidate>
      {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the question the page asks */}
      <Select label="Sex" hint="Saved with the prediction; does not affect the result" autoFocus error={errors.sex?.message} {...form.register('sex')}>
        <option value="">Choose</option>
        <option>Female</option>
        <option>Male</option>
      </Select>
      {NUMBER_FIELDS.map(({ name, label, mode }) => (
        <TextField key={name} label={label} hint={hintOf(name, typed[name])} inputMode={mode} error={errors[name]?.message} {...form.register(name)} />
      ))}
      <div className="col-span-full flex flex-col gap-3">
        <FormProblem>{problem}</FormProblem>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" busy={predict.isPending} className="grow">
            Predict segment
          </Button>
          <Button
            look="quiet"
            className="grow"
            onClick={() => {
              form.reset(EXAMPLE);
              form.setFocus('sex');
            }}
          >
            Fill in an example
          </Button>
        </div>
      </div>
    </form>
  );
}

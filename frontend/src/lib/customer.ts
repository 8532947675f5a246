/** The five fields of a customer: their words, units and rules, for every form, table and chart. */

import { z } from 'zod';

const filled = (wanted: string) =>
  z
    .string()
    .trim()
    .min(1, wanted)
    .transform((text) => Number(text.replace(',', '.')));

const whole = (low: number, high: number, wanted: string) =>
  filled(wanted).pipe(z.number(wanted).int('Enter a whole number').min(low, wanted).max(high, wanted));

const age = whole(18, 100, 'Enter an age from 18 to 100');
const income = filled('Enter an income in thousands, 0 or more').pipe(
  z.number('Enter an income in thousands, 0 or more').min(0, 'Enter an income in thousands, 0 or more').max(1e9, 'Income is too large'),
);
const score = whole(1, 100, 'Enter a score from 1 to 100');
const frequency = whole(0, 1_000_000_000, 'Enter the purchases per year, 0 or more');
const sex = z.string().pipe(z.enum(['Male', 'Female'], 'Choose one'));

export const customerSchema = z.object({
  sex,
  age,
  annual_income: income,
  spending_score: score,
  purchase_frequency: frequency,
});

const blank = z.literal('').transform(() => null);

/** The same, where any of them may be left empty. */
export const partialCustomer = {
  sex: z.union([blank, sex]),
  age: z.union([blank, age]),
  annual_income: z.union([blank, income]),
  spending_score: z.union([blank, score]),
  purchase_frequency: z.union([blank, frequency]),
};

export const EMPTY_CUSTOMER = { sex: '', age: '', annual_income: '', spending_score: '', purchase_frequency: '' };

export const NUMBER_FIELDS = [
  { name: 'age', label: 'Age', hint: '18 to 100 years', unit: 'years', mode: 'numeric' },
  { name: 'annual_income', label: 'Annual income', hint: 'In thousands: 65.5 means 65,500', unit: 'thousands', mode: 'decimal' },
  { name: 'spending_score', label: 'Spending score', hint: '1 (low) to 100 (high)', unit: '1 to 100', mode: 'numeric' },
  { name: 'purchase_frequency', label: 'Purchase frequency', hint: 'Purchases per year', unit: 'purchases per year', mode: 'numeric' },
] as const;

export type NumberField = (typeof NUMBER_FIELDS)[number]['name'];

/** The word under a field; an income that was hardly meant in thousands is asked about, and taken. */
export function hintOf(field: NumberField, typed = ''): string {
  const value = Number(typed.trim().replace(',', '.'));
  if (field === 'annual_income' && value > 1000) return `Did you mean ${Number((value / 1000).toFixed(1))}? Income is in thousands.`;
  return NUMBER_FIELDS.find(({ name }) => name === field)?.hint ?? '';
}

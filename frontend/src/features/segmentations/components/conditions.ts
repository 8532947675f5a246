/** Conditions on customers as the address and the API write them: `age:between:20..40`. */

export const OPERATORS = {
  between: 'is between',
  ge: 'is at least',
  le: 'is at most',
  gt: 'is above',
  lt: 'is below',
  eq: 'is',
  ne: 'is not',
  in: 'is one of',
  contains: 'contains',
  missing: 'is missing',
  present: 'is there',
} as const;
export type Operator = keyof typeof OPERATORS;

export const OF_NUMBERS: readonly Operator[] = ['between', 'ge', 'le', 'eq', 'missing', 'present'];
export const OF_TEXTS: readonly Operator[] = ['eq', 'ne', 'in', 'contains', 'missing', 'present'];
export const needsValue = (operator: Operator): boolean => operator !== 'missing' && operator !== 'present';

export interface Condition {
  column: string;
  operator: Operator;
  value: string;
}

const WRITTEN = new RegExp(`^(.+?):(${Object.keys(OPERATORS).join('|')})(?::(.*))?$`, 's');

/** Nothing where the address makes no sense. */
export function readCondition(text: string): Condition | null {
  const [, column, operator, value = ''] = WRITTEN.exec(text) ?? [];
  return column === undefined || operator === undefined ? null : { column, operator: operator as Operator, value };
}

export const writeCondition = ({ column, operator, value }: Condition): string => (needsValue(operator) ? `${column}:${operator}:${value}` : `${column}:${operator}`);

export function sayCondition({ column, operator, value }: Condition): string {
  const [low, high] = value.split('..');
  if (operator === 'between') return high === undefined ? `${column} is ${value}` : `${column} is ${low ?? ''} to ${high}`;
  return [column, OPERATORS[operator], ...(needsValue(operator) ? [operator === 'in' ? value.split(',').join(', ') : value] : [])].join(' ');
}

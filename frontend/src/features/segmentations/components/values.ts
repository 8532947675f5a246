import { formatCalendarDay, formatCount, formatNumber } from '@/lib/format';

/** A cell of a table, as people read it. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e6 ? formatCount(value) : formatNumber(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\d(T00:00:00)?$/.test(value) ? formatCalendarDay(value.slice(0, 10)) : value;
}

import { Select } from '@/components/field';
import type { ChartedColumn } from '../api/charted';

interface ColumnSelectProps {
  label: string;
  hint?: string;
  columns: readonly ChartedColumn[];
  value: string | undefined;
  onChange: (column: string) => void;
}

const GROUPS = [
  [true, 'Used to find the segments'],
  [false, 'Not used'],
] as const;

/** A column of the table; those that customers were segmented by come first. */
export function ColumnSelect({ label, hint, columns, value, onChange }: ColumnSelectProps) {
  const groups = GROUPS.map(([used, title]) => ({ title, columns: columns.filter((column) => column.used === used) })).filter((group) => group.columns.length > 0);
  const options = (shown: readonly ChartedColumn[]) =>
    shown.map(({ name }) => (
      <option key={name} value={name}>
        {name}
      </option>
    ));
  return (
    <Select label={label} hint={hint} fieldClass="w-full max-w-80" value={value} onChange={(event) => onChange(event.target.value)}>
      {groups.length === 1
        ? options(columns)
        : groups.map((group) => (
            <optgroup key={group.title} label={group.title}>
              {options(group.columns)}
            </optgroup>
          ))}
    </Select>
  );
}

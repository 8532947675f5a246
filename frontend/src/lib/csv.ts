export interface CsvTable {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

/** The file to save. A spreadsheet takes UTF-8 for something else without the mark. */
export const csvFile = (table: CsvTable): Blob => new Blob(['\ufeff', toCsv(table)], { type: 'text/csv' });

/** A table as CSV that is safe to open in a spreadsheet. */
export function toCsv({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run text that starts like a formula; what is a number stays one.
  const text = /^[=+\-@|%\t\r]/.test(value) && !/^-?[\d.,]+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

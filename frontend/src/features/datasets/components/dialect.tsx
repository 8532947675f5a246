import { useState } from 'react';
import { Select, TextField } from '@/components/field';
import type { Dataset, RowIs } from '../api/datasets';
import { useCorrection } from './correction';
import { ROW_IS } from './row-meaning';

const SEPARATORS: Record<string, string> = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Pipe', ' ': 'Whitespace' };
const TO_SEND: Record<string, string> = { '\t': 'tab', ' ': 'space' };
const ENCODINGS: Record<string, string> = {
  'utf-8': 'UTF-8',
  'utf-8-sig': 'UTF-8 with BOM',
  cp1252: 'Windows-1252',
  'latin-1': 'Latin-1',
  'utf-16': 'UTF-16',
};

/** How the file was read, to be corrected where the recognition was wrong. */
export function DialectPanel({ dataset }: { dataset: Dataset }) {
  const { dialect } = dataset;
  const { take: change, isPending } = useCorrection(dataset);
  const isText = dialect.delimiter !== null;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-4 md:grid-cols-4">
        {isText ? (
          <>
            <Select wrap label="Separator" disabled={isPending} value={dialect.delimiter ?? ''} onChange={(event) => change({ delimiter: TO_SEND[event.target.value] ?? event.target.value })}>
              {Object.entries(SEPARATORS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
              {dialect.delimiter !== null && !(dialect.delimiter in SEPARATORS) ? <option value={dialect.delimiter}>{dialect.delimiter}</option> : null}
            </Select>
            <Select wrap label="Decimal mark" disabled={isPending} value={dialect.decimal} onChange={(event) => change({ decimal: event.target.value as '.' | ',' })}>
              <option value=".">Point (1.5)</option>
              <option value=",">Comma (1,5)</option>
            </Select>
            <Select wrap label="Encoding" disabled={isPending} value={dialect.encoding ?? ''} onChange={(event) => change({ encoding: event.target.value })}>
              {[...new Set([dialect.encoding ?? 'utf-8', 'utf-8', 'cp1252', 'latin-1', 'utf-16'])].map((name) => (
                <option key={name} value={name}>
                  {ENCODINGS[name] ?? name}
                </option>
              ))}
            </Select>
            <Select wrap label="First row" disabled={isPending} value={dialect.has_header ? 'yes' : 'no'} onChange={(event) => change({ has_header: event.target.value === 'yes' })}>
              <option value="yes">Column names</option>
              <option value="no">Data</option>
            </Select>
          </>
        ) : (
          <>
            <p className="text-small">
              <span className="text-soft">Format</span>
              <br />
              {dialect.format}
            </p>
            {dialect.sheets.length > 1 ? (
              <Select wrap label="Sheet" disabled={isPending} value={dialect.sheet ?? ''} onChange={(event) => change({ sheet: event.target.value })}>
                {dialect.sheets.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            ) : null}
          </>
        )}
        <Select wrap label="Each row is a" hint={`Because ${dataset.one_row_is_because}`} disabled={isPending} value={dataset.one_row_is} onChange={(event) => change({ one_row_is: event.target.value as RowIs })}>
          {Object.entries(ROW_IS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        {dialect.format === 'parquet' ? null : (
          <>
            <LineField
              key={`header ${dialect.header_row}`}
              label="Column names in line"
              hint="0 if there are none"
              value={dialect.header_row === null ? '0' : String(dialect.header_row)}
              pattern={/^\d{1,8}$/}
              disabled={isPending}
              onChange={(text) => change({ header_row: Number(text) })}
            />
            <LineField
              key={`skip ${String(dataset.overrides.skip_rows)}`}
              label="Lines to leave out"
              hint="Such as 1, 2, 14; empty to detect them"
              value={linesOf(dataset.overrides)}
              pattern={/^(\s*\d{1,8}\s*(,|$))*$/}
              disabled={isPending}
              onChange={(text) => change({ skip_rows: text.trim() === '' ? null : text.split(',').filter((each) => each.trim() !== '').map(Number) })}
            />
          </>
        )}
      </div>
    </div>
  );
}

/** The lines that the owner left out; a number of them counts from the top. */
function linesOf({ skip_rows: lines }: Dataset['overrides']): string {
  if (typeof lines === 'number') return Array.from({ length: lines }, (_, index) => index + 1).join(', ');
  return Array.isArray(lines) ? lines.join(', ') : '';
}

interface LineFieldProps {
  label: string;
  hint: string;
  value: string;
  pattern: RegExp;
  disabled: boolean;
  onChange: (text: string) => void;
}

/** Line numbers, which count once the field is left or Enter is pressed. */
function LineField({ label, hint, value, pattern, disabled, onChange }: LineFieldProps) {
  const [text, setText] = useState(value);
  const isWrong = !pattern.test(text);
  const send = (): void => {
    if (text.trim() !== value && !isWrong) onChange(text);
  };
  return (
    <TextField
      label={label}
      hint={hint}
      error={isWrong ? 'Enter line numbers, such as 1, 2, 14' : undefined}
      inputMode="numeric"
      disabled={disabled}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send();
      }}
    />
  );
}

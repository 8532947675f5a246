import { Select } from '@/components/field';
import { Notice } from '@/components/states';
import { toast } from '@/components/toast';
import { formatCount } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useCorrectDataset, type Dataset, type Overrides } from '../api/datasets';

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
  const correct = useCorrectDataset(dataset.id);
  const change = (overrides: Partial<Overrides>): void =>
    correct.mutate(overrides, { onError: (error) => toast(messageOf(error), { tone: 'danger' }) });
  const isText = dialect.delimiter !== null;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-4 md:grid-cols-4">
        {isText ? (
          <>
            <Select wrap label="Separator" disabled={correct.isPending} value={dialect.delimiter ?? ''} onChange={(event) => change({ delimiter: TO_SEND[event.target.value] ?? event.target.value })}>
              {Object.entries(SEPARATORS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
              {dialect.delimiter !== null && !(dialect.delimiter in SEPARATORS) ? <option value={dialect.delimiter}>{dialect.delimiter}</option> : null}
            </Select>
            <Select wrap label="Decimal mark" disabled={correct.isPending} value={dialect.decimal} onChange={(event) => change({ decimal: event.target.value as '.' | ',' })}>
              <option value=".">Point (1.5)</option>
              <option value=",">Comma (1,5)</option>
            </Select>
            <Select wrap label="Encoding" disabled={correct.isPending} value={dialect.encoding ?? ''} onChange={(event) => change({ encoding: event.target.value })}>
              {[...new Set([dialect.encoding ?? 'utf-8', 'utf-8', 'cp1252', 'latin-1', 'utf-16'])].map((name) => (
                <option key={name} value={name}>
                  {ENCODINGS[name] ?? name}
                </option>
              ))}
            </Select>
            <Select wrap label="First row" disabled={correct.isPending} value={dialect.has_header ? 'yes' : 'no'} onChange={(event) => change({ has_header: event.target.value === 'yes' })}>
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
              <Select wrap label="Sheet" disabled={correct.isPending} value={dialect.sheet ?? ''} onChange={(event) => change({ sheet: event.target.value })}>
                {dialect.sheets.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            ) : null}
          </>
        )}
      </div>
    </div>
  );
}

/** What is odd about the table, said before anything is made of it. */
export function TableWarnings({ warnings }: Pick<Dataset, 'warnings'>) {
  if (warnings.length === 0) return null;
  return (
    <Notice tone="warn">
      <p className="font-strong">Check this before you continue</p>
      <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-5">
        {warnings.map((warning, index) => (
          <li key={index}>
            {warning.message}
            {warning.count > 1 && !warning.message.includes(String(warning.count)) ? ` (${formatCount(warning.count)} rows)` : ''}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Records out of pasted text: a JSON list, or a table with names in its first row. */

export type CustomerRecord = Record<string, string | number | boolean | null>;

const DELIMITERS = ['\t', ';', ',', '|'] as const;

export function readRecords(text: string): CustomerRecord[] {
  const trimmed = text.trim();
  return trimmed.startsWith('[') || trimmed.startsWith('{') ? readJson(trimmed) : readTable(trimmed);
}

function readJson(text: string): CustomerRecord[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error('This looks like JSON but cannot be parsed. Check the brackets and quotes.');
  }
  const list: unknown = Array.isArray(content) ? content : (content as { customerData?: unknown }).customerData;
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'object' && each !== null)) {
    throw new Error('The JSON should be a list of records, such as [{"age": 34, "income": 65000}, ...].');
  }
  return list as CustomerRecord[];
}

function readTable(text: string): CustomerRecord[] {
  const header = text.split('\n', 1)[0] ?? '';
  const delimiter = DELIMITERS.reduce((best, each) => (header.split(each).length > header.split(best).length ? each : best));
  const [names = [], ...rows] = cellsOf(text, delimiter);
  if (rows.length < 2) throw new Error('Paste at least two customers, with the column names in the first row.');
  const long = rows.findIndex((row) => row.length > names.length);
  if (long >= 0) throw new Error(`Row ${long + 2} has more cells than the first row has column names.`);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, valueOf(row[index] ?? '', delimiter)])));
}

function valueOf(cell: string, delimiter: string): string | number | null {
  const text = cell.trim();
  if (text === '') return null;
  const plain = delimiter !== ',' && /^-?\d+,\d+$/.test(text) ? text.replace(',', '.') : text;
  // A leading zero marks a code, such as a postcode.
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

function cellsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const mark = text[index] ?? '';
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (mark === '"' && cell === '') quoted = true;
    else if (mark === delimiter) {
      rows.at(-1)?.push(cell);
      cell = '';
    } else if (mark === '\n') {
      rows.at(-1)?.push(cell);
      rows.push([]);
      cell = '';
    } else if (mark !== '\r') cell += mark;
  }
  rows.at(-1)?.push(cell);
  return rows.filter((row) => row.some((each) => each.trim() !== ''));
}

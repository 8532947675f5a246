import { describe, expect, it } from 'vitest';
import { customerSchema } from './customer';
import { csvFile, toCsv } from './csv';
import { fileNameOf } from './file-name';
import { formatAgo, formatAverage, formatBytes, formatIncome, formatShare } from './format';
import { NOISE_COLOR, SEGMENT_COLORS, segmentColor, segmentShape } from './palette';

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe('the palette', () => {
  it.each([
    ['light', '#ffffff'],
    ['dark', '#171a20'],
  ] as const)('stands out 3 to 1 from the %s surface', (theme, surface) => {
    for (const color of [...SEGMENT_COLORS[theme], NOISE_COLOR[theme]]) expect(contrast(color, surface), color).toBeGreaterThanOrEqual(3);
  });

  it('gives noise a colour of its own, and starts again past its end', () => {
    expect(segmentColor(-1, 'light')).toBe(NOISE_COLOR.light);
    expect(segmentColor(15, 'light')).toBe(segmentColor(0, 'light'));
  });

  it.each(['light', 'dark'] as const)('marks sixty segments without repeating itself in the %s theme', (theme) => {
    const marks = Array.from({ length: 60 }, (_, segment) => `${segmentColor(segment, theme)} ${segmentShape(segment)}`);
    expect(new Set(marks).size).toBe(60);
    expect(new Set(SEGMENT_COLORS[theme]).size).toBe(15);
  });
});

describe('numbers', () => {
  it('shows thousands as k, and millions as m', () => {
    expect(formatIncome(65)).toBe('65k');
    expect(formatIncome(65.5)).toBe('65.5k');
    expect(formatIncome(1200)).toBe('1.2M');
    expect(formatIncome(null)).toBe('–');
  });

  it('gives each average its decimal, so that they can stand under each other', () => {
    expect([74.39, 25, 1_250_000].map(formatAverage)).toEqual(['74.4', '25.0', '1.25M']);
  });

  it('never rounds a share that is there down to nothing', () => {
    expect(formatShare(0.001)).toBe('<1%');
    expect(formatShare(0)).toBe('0%');
    expect(formatShare(0.273)).toBe('27%');
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-01-10T12:00:00Z');
    expect(formatAgo('2026-01-10T11:59:40Z', now)).toBe('just now');
    expect(formatAgo('2026-01-10T11:30:00Z', now)).toBe('30 minutes ago');
    expect(formatAgo('2026-01-09T12:00:00Z', now)).toBe('yesterday');
  });

  it('counts bytes as people do', () => {
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(2_500_000)).toBe('2.5 MB');
  });
});

describe('the name of a file to take away', () => {
  const now = new Date(2026, 10, 28);

  it.each([
    [['Telco Churn.csv', '4 segments'], 'telco-churn-4-segments-2026-11-28.xlsx'],
    [['Kunden größe (neu).xlsx', ''], 'kunden-große-neu-2026-11-28.xlsx'],
    [['東京'], '東京-2026-11-28.xlsx'],
    [['../..', 'a/b'], 'a-b-2026-11-28.xlsx'],
  ])('says what is in it: %j', (parts, name) => {
    expect(fileNameOf(parts, 'xlsx', now)).toBe(name);
  });
});

describe('CSV', () => {
  it('quotes what needs it, and disarms what a spreadsheet would run', () => {
    expect(toCsv({ columns: ['a', 'b'], rows: [['x,"y"', -1], ['=1+1', null]] })).toBe('a,b\r\n"x,""y""",-1\r\n\'=1+1,\r\n');
  });

  it.each(['=1+1', '+1', '-1+1', '@SUM(1)', '\tx', '|cmd', '%x'])('disarms %j', (text) => {
    expect(toCsv({ columns: ['a'], rows: [[text]] })).toBe(`a\r\n'${text}\r\n`);
  });

  it('leaves a negative number as it is, and a name of any script', () => {
    expect(toCsv({ columns: ['größe'], rows: [['-1.5'], ['東京']] })).toBe('größe\r\n-1.5\r\n東京\r\n');
  });

  it('is a file that says it is UTF-8', async () => {
    const bytes = new Uint8Array(await csvFile({ columns: ['ö'], rows: [] }).arrayBuffer());
    expect([...bytes]).toEqual([0xef, 0xbb, 0xbf, 0xc3, 0xb6, 0x0d, 0x0a]);
  });
});

describe('a customer', () => {
  const customer = { sex: 'Male', age: '18', annual_income: '65,5', spending_score: '100', purchase_frequency: '0' };

  it('may have a decimal comma', () => {
    expect(customerSchema.parse(customer)).toEqual({ sex: 'Male', age: 18, annual_income: 65.5, spending_score: 100, purchase_frequency: 0 });
  });

  it.each([
    ['age', '17'],
    ['age', '30.5'],
    ['age', ''],
    ['age', 'thirty'],
    ['annual_income', '-1'],
    ['spending_score', '101'],
    ['purchase_frequency', '-1'],
    ['sex', ''],
  ])('is refused with %s %j', (field, value) => {
    const result = customerSchema.safeParse({ ...customer, [field]: value });
    expect(result.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });
});

import { describe, expect, it } from 'vitest';
import { readRecords } from './components/records';

describe('pasted records', () => {
  it('may be a table copied from a spreadsheet', () => {
    expect(readRecords('age\tcity\n34\tBonn\n\tKöln\n')).toEqual([
      { age: 34, city: 'Bonn' },
      { age: null, city: 'Köln' },
    ]);
  });

  it('may have quotes, decimal commas and codes with leading zeros', () => {
    expect(readRecords('a;b;zip\r\n1,5;"x;""y""";01067\r\n2;z;1')).toEqual([
      { a: 1.5, b: 'x;"y"', zip: '01067' },
      { a: 2, b: 'z', zip: 1 },
    ]);
  });

  it('may be JSON, as a list or as the whole request', () => {
    expect(readRecords('[{"a": 1}]')).toEqual([{ a: 1 }]);
    expect(readRecords('{"customerData": [{"a": 1}]}')).toEqual([{ a: 1 }]);
  });

  it.each([
    ['[{"a": 1}', /cannot be parsed/],
    ['[1, 2]', /list of records/],
    ['a,b\n1,2', /at least two customers/],
    ['a,b\n1,2\n1,2,3', /Row 3/],
  ])('are refused in words: %j', (text, words) => {
    expect(() => readRecords(text)).toThrow(words);
  });
});

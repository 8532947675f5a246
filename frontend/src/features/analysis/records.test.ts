import { describe, expect, it } from 'vitest';
import { readRecords } from './components/records';

describe('records', () => {
  it('come as a list or as the whole request', () => {
    expect(readRecords('[{"a": 1}]')).toEqual([{ a: 1 }]);
    expect(readRecords('{"customerData": [{"a": 1}]}')).toEqual([{ a: 1 }]);
  });

  it.each([
    ['[{"a": 1}', /cannot be parsed/],
    ['[1, 2]', /list of records/],
    ['{"customers": []}', /list of records/],
  ])('are refused in words: %j', (text, words) => {
    expect(() => readRecords(text)).toThrow(words);
  });
});

import { describe, expect, it } from 'vitest';
import { undoOf } from './components/correction';

describe('the undo of a correction', () => {
  it('gives back what was said before, and detects again what was not', () => {
    expect(undoOf({ decimal: ',' }, { decimal: '.', encoding: 'cp1252' })).toEqual({ decimal: ',', encoding: null });
  });

  it('gives back the kinds of single columns', () => {
    expect(undoOf({ kinds: { age: 'numeric', zip: 'identifier' } }, { kinds: { age: 'categorical', name: 'free_text' } })).toEqual({ kinds: { age: 'numeric', zip: 'identifier', name: null } });
  });

  it('sends what was said of columns again where the header changes', () => {
    expect(undoOf({ kinds: { zip: 'identifier' }, skip_rows: [1] }, { skip_rows: [1, 9] })).toEqual({ kinds: { zip: 'identifier' }, skip_rows: [1] });
  });
});

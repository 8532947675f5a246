import { describe, expect, it } from 'vitest';
import { analysis } from '@/testing/samples';
import { segmentedCustomers } from './components/segmented-customers';

const found = (customers: Record<string, unknown>[], confidence: number[] | null) => analysis.clusters.map((cluster) => ({ ...cluster, customers, confidence }));

describe('the customers of an analysis, to take away', () => {
  it('have their segment and how sure it is, those in none last', () => {
    const table = segmentedCustomers({ clusters: found([{ id: 1, name: '=x' }, { id: 2, vip: true }], [88, 61]), unassigned: [{ id: 3 }] });
    expect(table).toEqual({
      columns: ['id', 'name', 'vip', 'segment', 'confidence'],
      rows: [
        [1, '=x', null, 'High Income', 88],
        [2, null, 'true', 'High Income', 61],
        [3, null, null, 'No segment', null],
      ],
    });
  });

  it('keep a column that is called as one of ours', () => {
    const table = segmentedCustomers({ clusters: found([{ segment: 'B2B' }], null), unassigned: [] });
    expect(table).toEqual({ columns: ['segment', 'predicted_segment', 'predicted_confidence'], rows: [['B2B', 'High Income', null]] });
  });
});

import { describe, expect, it } from 'vitest';
import type { Run } from './api/runs';
import { agreementOf, betterOf, steadinessOf } from './components/words';

const run = (changes: Partial<Run>): Run => ({ dataset_id: 1, columns: ['age'], transform: 'none', n_features: 1, degenerate: false, silhouette_score: 0.5, ...changes }) as Run;

describe('what is said of two segmentations', () => {
  it.each([
    [run({ silhouette_score: 0.55 }), run({ silhouette_score: 0.41 }), 'The first is better separated: silhouette 0.55 vs 0.41.'],
    [run({ silhouette_score: 0.5 }), run({ silhouette_score: 0.51 }), 'Both are equally well separated: silhouette 0.50 and 0.51.'],
    [run({ silhouette_score: 0.86, degenerate: true }), run({ silhouette_score: 0.3 }), 'The second is more reliable: in the other, one segment is tiny or contains almost all customers.'],
    [run({}), run({ columns: ['age', 'region'] }), 'They use different columns or settings, so their silhouettes cannot be compared.'],
    [run({ silhouette_score: null }), run({}), 'The separation of the segments is not known for both.'],
  ])('is what their figures allow', (first, second, words) => {
    expect(betterOf(first, second)).toBe(words);
  });

  it('counts the segments that come back, where it was checked of both', () => {
    const checked = (...bands: string[]): Run => run({ validation: { stability: { weakest: 0.5, segments: bands.map((band) => ({ band })) } } } as unknown as Partial<Run>);
    expect(steadinessOf(checked('stable', 'moderate', 'dissolved'), checked('highly stable', 'stable'))).toBe(
      'When the customers are resampled, 1 of the first’s 3 segments are reliable (1 uncertain, 1 unreliable), and 2 of the second’s 2 are reliable.',
    );
    expect(steadinessOf(checked('stable'), run({ validation: null }))).toBeNull();
  });

  it('tells the same grouping from one by chance', () => {
    expect([1, 0.7, 0.4, 0].map((index) => agreementOf(index).split(' ').slice(0, 3).join(' '))).toEqual(['They group the', 'They group most', 'They agree only', 'They have little']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Run } from './api/runs';
import { agreementOf, betterOf, steadinessOf } from './components/words';

const run = (changes: Partial<Run>): Run => ({ dataset_id: 1, columns: ['age'], transform: 'none', n_features: 1, degenerate: false, silhouette_score: 0.5, ...changes }) as Run;

describe('what is said of two segmentations', () => {
  it.each([
    [run({ silhouette_score: 0.55 }), run({ silhouette_score: 0.41 }), 'The first stands more clearly apart: 0.55 against 0.41 on a scale to 1.'],
    [run({ silhouette_score: 0.5 }), run({ silhouette_score: 0.51 }), 'Both stand apart alike: 0.50 and 0.51 on a scale to 1.'],
    [run({ silhouette_score: 0.86, degenerate: true }), run({ silhouette_score: 0.3 }), 'The second is the sounder one: in the other a segment is tiny, or holds almost everyone.'],
    [run({}), run({ columns: ['age', 'region'] }), 'They were made from different columns or settings, so that their silhouettes cannot be set against each other.'],
    [run({ silhouette_score: null }), run({}), 'How clearly the segments stand apart is not known of both.'],
  ])('is what their figures allow', (first, second, words) => {
    expect(betterOf(first, second)).toBe(words);
  });

  it('counts the segments that come back, where it was checked of both', () => {
    const checked = (...bands: string[]): Run => run({ validation: { stability: { weakest: 0.5, segments: bands.map((band) => ({ band })) } } } as unknown as Partial<Run>);
    expect(steadinessOf(checked('stable', 'moderate', 'dissolved'), checked('highly stable', 'stable'))).toBe(
      'When the customers are drawn again by chance, 1 of the first’s 3 segments can be relied on (1 uncertain, 1 unreliable), and 2 of the second’s 2 can be relied on.',
    );
    expect(steadinessOf(checked('stable'), run({ validation: null }))).toBeNull();
  });

  it('tells the same grouping from one by chance', () => {
    expect([1, 0.7, 0.4, 0].map((index) => agreementOf(index).split(' ').slice(0, 3).join(' '))).toEqual(['Both group the', 'Both group most', 'They agree in', 'They have little']);
  });
});

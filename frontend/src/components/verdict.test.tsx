import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { numberOf, separationOf, stabilityOf, standingOf } from '@/lib/meanings';
import { show } from '@/testing/bench';
import { Verdict } from './verdict';

const structure = { verdict: 'weak', sentence: 'There are signs of groups (p = 0.02).', p: 0.021 } as const;
const certaintyOf = (share: number, most: number, ...named: number[]) => ({
  shares: { 2: 1 - share, [most]: share },
  criteria: named.map((n_clusters) => ({ n_clusters })),
  sentences: ['20 of 25 resamples choose 3 segments, 5 choose 2.', 'The criteria disagree.'],
});
const stability = { weakest: 0.41, segments: [{ band: 'stable' }, { band: 'dissolved' }] };

describe('a verdict', () => {
  it('is told in words, with figure and meaning where they are asked for', async () => {
    show([{ path: '/', element: <Verdict structure={structure} stability={stability} certainty={certaintyOf(0.8, 3, 3, 3, 2, 7)} taken={{ count: 2, hasSlider: true }} /> }]);
    expect(screen.getByText('Signs of groups')).toBeVisible();
    expect(screen.getByText(/There are signs of groups\./)).not.toHaveTextContent('0.02');
    expect(screen.getByText(/1 of 2 segments is unreliable/)).toBeVisible();
    expect(screen.getByText(/3 segments are usually best separated, not 2: look at 3 with the slider before deciding/)).toBeVisible();
    expect(screen.queryByText(/resamples|criteria/)).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: '20 of 25 resamples choose 3 segments, 5 choose 2. The criteria disagree.: what this means' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Lowest Jaccard 0.41: what this means' }));
    expect(await screen.findByText('Lowest Jaccard 0.41')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Stability and other terms' })).toHaveAttribute('href', '/guide/words#stability');
  });

  it('names no figure in words that do not need one', () => {
    expect([0.6, 0.3, 0.1, null].map((figure) => separationOf(figure))).toEqual([
      'The segments are clearly separated.',
      'The segments are distinct, but they overlap.',
      'The segments are barely separated: read them as slices of a continuum.',
      'The separation of the segments is unknown.',
    ]);
    expect([0.6, 0.3, 0.1, -0.1].map((silhouette) => standingOf({ size: 9, silhouette }))).toEqual([
      'It is clearly separated.',
      'It is distinct, but overlaps others.',
      'It is barely separated from the others.',
      'Most of its customers are closer to another segment.',
    ]);
    expect(standingOf({ size: 1, silhouette: 0 })).toBe('A single customer, far from the others.');
  });

  it('advises of the number of segments', () => {
    const auto = { count: 2, isAutomatic: true, hasSlider: true };
    expect(numberOf(certaintyOf(0.8, 3, 3, 3, 2, 7), auto)).toBe('2 segments were chosen automatically, but when the customers are resampled, 3 are usually best separated: look at 3 with the slider before deciding.');
    expect(numberOf(certaintyOf(0.8, 3, 3, 3, 2, 7), { count: 3 })).toBe('Most criteria suggest 3 segments, but not all agree (2 to 7).');
    // What resamples alone choose is where the search ends.
    expect(numberOf(certaintyOf(0.8, 10, 10, 2, 9, 1), { ...auto, count: 5 })).toBe('The criteria for the number of segments disagree (1 to 10): choose the one that is most useful to you; the slider shows each of them.');
    expect(numberOf(certaintyOf(1, 3, 3, 3, 3, 3), { count: 3 })).toBe('All criteria agree on 3 segments.');
    expect(numberOf(certaintyOf(0.3, 3, 2, 2, 2, 2), { count: 2 })).toBe('All criteria agree on 2 segments.');
    expect(numberOf(certaintyOf(0.4, 4, 3, 3, 3, 3), { count: 3 })).toBe('The number of segments is uncertain: choose the one that is most useful to you.');
  });

  it('says of all segments what is said of each', () => {
    const said = (...bands: string[]): string => stabilityOf(bands.map((band) => ({ band }))).replaceAll(' when the customers are resampled', '');
    expect(said('stable', 'highly stable')).toBe('Every segment reappears.');
    expect(said('doubtful')).toBe('No segment reappears reliably: do not rely on them.');
    expect(said('moderate', 'moderate')).toBe('Every segment reappears as a pattern, but its members are uncertain.');
    expect(said('stable', 'moderate')).toBe('All segments reappear, but for 1 of 2 the members are uncertain.');
    expect(said('stable', 'doubtful', 'moderate', 'moderate')).toBe('1 of 4 segments is unreliable: it changes or disappears. For 2 more, the members are uncertain.');
  });
});

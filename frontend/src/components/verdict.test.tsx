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
    expect(screen.getByText(/1 of 2 segments should not be relied on/)).toBeVisible();
    expect(screen.getByText(/mostly 3 segments that stand apart most clearly, not 2: look at 3 with the slider before you decide/)).toBeVisible();
    expect(screen.queryByText(/resamples|criteria/)).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: '20 of 25 resamples choose 3 segments, 5 choose 2. The criteria disagree.: what this means' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Jaccard 0.41 at the least: what this means' }));
    expect(await screen.findByText('Jaccard 0.41 at the least')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Stability and the other words' })).toHaveAttribute('href', '/about#stability');
  });

  it('names no figure in words that do not need one', () => {
    expect([0.6, 0.3, 0.1, null].map((figure) => separationOf(figure))).toEqual([
      'The segments stand clearly apart.',
      'The segments can be told apart, but they overlap.',
      'The segments hardly stand apart: read them as slices of a continuum.',
      'Nothing can be said of how far the segments stand apart.',
    ]);
    expect([0.6, 0.3, 0.1, -0.1].map((silhouette) => standingOf({ size: 9, silhouette }))).toEqual([
      'It stands clearly apart.',
      'It can be told apart, but overlaps others.',
      'It hardly stands apart from others.',
      'Most of it lies nearer to another segment.',
    ]);
    expect(standingOf({ size: 1, silhouette: 0 })).toBe('One customer alone, far from the others.');
  });

  it('advises of the number of segments', () => {
    const auto = { count: 2, isClearest: true, hasSlider: true };
    expect(numberOf(certaintyOf(0.8, 3, 3, 3, 2, 7), auto)).toBe('2 segments stand apart most clearly here, but when the customers are drawn again by chance it is mostly 3: look at 3 with the slider before you decide.');
    expect(numberOf(certaintyOf(0.8, 3, 3, 3, 2, 7), { count: 3 })).toBe('3 segments is what most measures say; not all of them agree (2 to 7).');
    // What resamples alone choose is where the search ends.
    expect(numberOf(certaintyOf(0.8, 10, 10, 2, 9, 1), { ...auto, count: 5 })).toBe('The measures of how many segments there are do not agree (1 to 10): take the number you can use; the slider shows each.');
    expect(numberOf(certaintyOf(1, 3, 3, 3, 3, 3), { count: 3 })).toBe('Every measure of how many segments there are says 3.');
    expect(numberOf(certaintyOf(0.3, 3, 2, 2, 2, 2), { count: 2 })).toBe('Every measure of how many segments there are says 2.');
    expect(numberOf(certaintyOf(0.4, 4, 3, 3, 3, 3), { count: 3 })).toBe('It is not sure how many segments there are: take the number you can use.');
  });

  it('says of all segments what is said of each', () => {
    const told = (...bands: string[]): string => stabilityOf(bands.map((band) => ({ band }))).replaceAll(' when the customers are drawn again by chance', '');
    expect(told('stable', 'highly stable')).toBe('Every segment comes back.');
    expect(told('doubtful')).toBe('No segment comes back as it was: do not build on them.');
    expect(told('moderate', 'moderate')).toBe('Every segment comes back as a pattern, but who belongs to it is uncertain.');
    expect(told('stable', 'moderate')).toBe('All segments come back, but for 1 of 2 it is uncertain who belongs to it.');
    expect(told('stable', 'doubtful', 'moderate', 'moderate')).toBe('1 of 4 segments should not be relied on: it changes or vanishes. For 2 more it is uncertain who belongs to them.');
  });
});

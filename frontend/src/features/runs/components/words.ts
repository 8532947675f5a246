import { formatNumber, formatScore, formatShare } from '@/lib/format';
import type { Profile, Run } from '../api/runs';

const ALGORITHMS: Record<Run['algorithm'], string> = { hierarchical: 'Hierarchical', kmeans: 'K-Means', dbscan: 'DBSCAN', hdbscan: 'HDBSCAN' };
const LINKAGES: Record<NonNullable<Run['linkage']>, string> = { ward: 'Ward', complete: 'complete linkage', average: 'average linkage', single: 'single linkage' };

export function methodOf(run: Pick<Run, 'algorithm' | 'linkage'>): string {
  const name = ALGORITHMS[run.algorithm];
  return run.linkage ? `${name}, ${LINKAGES[run.linkage]}` : name;
}

/** What a silhouette means, in words, after Kaufman and Rousseeuw's bands. */
export function separationOf(silhouette: number | null): string {
  if (silhouette === null) return 'Nothing can be said of how far the segments stand apart.';
  if (silhouette >= 0.5) return 'The segments stand clearly apart.';
  if (silhouette >= 0.25) return 'The segments can be told apart, but they overlap.';
  return 'The segments hardly stand apart: read them as slices of a continuum.';
}

export function verdictOf(run: Run): string {
  const parts = [separationOf(run.silhouette_score)];
  if (run.degenerate) parts.push('One of them is tiny, or holds almost everyone: that is no segmentation to act on.');
  if (run.n_noise > 0) parts.push(`${formatShare(run.n_noise / run.n_samples)} of the customers belong to no segment.`);
  return parts.join(' ');
}

/** The strongest differences from the rest, as short sentences. */
export function differencesOf(profile: Profile, count = 3): string[] {
  return profile.differences.slice(0, count).map(({ column, level, value, rest }) => {
    if (level !== null) return `${column} is ${level}: ${formatShare(value)} against ${formatShare(rest)}`;
    const word = value > rest ? 'Higher' : 'Lower';
    return `${word} ${column}: ${figure(value)} against ${figure(rest)}`;
  });
}

export const figure = (value: number): string => (Math.abs(value) < 10 && !Number.isInteger(value) ? formatScore(value) : formatNumber(value));

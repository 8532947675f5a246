import { formatCount, formatNumber, formatScore, formatShare, plural } from '@/lib/format';
import { separationOf } from '@/lib/meanings';
import type { Profile, Run } from '../api/runs';

const ALGORITHMS: Record<Run['algorithm'], string> = { hierarchical: 'Hierarchical', kmeans: 'K-Means', dbscan: 'DBSCAN', hdbscan: 'HDBSCAN' };
const LINKAGES: Record<NonNullable<Run['linkage']>, string> = { ward: 'Ward', complete: 'complete linkage', average: 'average linkage', single: 'single linkage' };

export function methodOf(run: Pick<Run, 'algorithm' | 'linkage'>): string {
  const name = ALGORITHMS[run.algorithm];
  return run.linkage ? `${name}, ${LINKAGES[run.linkage]}` : name;
}

/** What is done about skewed numbers, as it is chosen and as it is told. */
export const TRANSFORMS = { auto: 'Straighten where needed', log: 'Take logarithms of all', none: 'Leave as they are' } as const;
export const transformOf = ({ transform }: Pick<Run, 'transform'>): string => TRANSFORMS[transform as keyof typeof TRANSFORMS];

/** What an adjusted Rand index means, in words. */
export function agreementOf(index: number): string {
  if (index >= 0.9) return 'Both group the customers almost alike.';
  if (index >= 0.65) return 'Both group most customers alike.';
  if (index >= 0.3) return 'They agree in part only: many who are together in one are apart in the other.';
  return 'They have little in common: what one tells says almost nothing of the other.';
}

/** Differences of a silhouette below this are too small to act on. */
const SAME_SILHOUETTE = 0.02;

/** Which of two runs to prefer, as far as figures can tell. */
export function betterOf(first: Run, second: Run): string {
  if (first.degenerate !== second.degenerate) return `The ${first.degenerate ? 'second' : 'first'} is the sounder one: in the other a segment is tiny, or holds almost everyone.`;
  const space = (run: Run): string => JSON.stringify([run.dataset_id, run.columns, run.transform, run.n_features]);
  const [a, b] = [first.silhouette_score, second.silhouette_score];
  if (a === null || b === null) return 'How clearly the segments stand apart is not known of both.';
  if (space(first) !== space(second)) return 'They were made from different columns or settings, so that their silhouettes cannot be set against each other.';
  if (Math.abs(a - b) < SAME_SILHOUETTE) return `Both stand apart alike: ${formatScore(a)} and ${formatScore(b)} on a scale to 1.`;
  return `The ${a > b ? 'first' : 'second'} stands more clearly apart: ${formatScore(Math.max(a, b))} against ${formatScore(Math.min(a, b))} on a scale to 1.`;
}

const SURE = { 'highly stable': 'reliable', stable: 'reliable', moderate: 'uncertain', doubtful: 'unreliable', dissolved: 'unreliable' } as const;

/** How many segments of each of two runs come back when the customers are drawn again, where it was checked of both. */
export function steadinessOf(first: Run, second: Run): string | null {
  const [a, b] = [first.validation?.stability, second.validation?.stability];
  if (!a || !b) return null;
  const count = ({ segments }: typeof a, word: string): number => segments.filter(({ band }) => SURE[band] === word).length;
  const told = (stability: typeof a, whole: string): string => {
    const others = ['uncertain', 'unreliable'].filter((word) => count(stability, word) > 0).map((word) => `${count(stability, word)} ${word}`);
    return `${count(stability, 'reliable')} of ${whole} can be relied on${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
  };
  return `When the customers are drawn again by chance, ${told(a, `the first’s ${plural(a.segments.length, 'segment')}`)}, and ${told(b, `the second’s ${formatCount(b.segments.length)}`)}.`;
}

export function verdictOf(run: Run): string {
  const parts = [separationOf(run.silhouette_score, run.validation?.structure.verdict)];
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

/** A warning of the number of segments, which the check of their number tells of too. */
export const isOfNumber = (warning: string): boolean => warning.startsWith('The silhouette still rises');

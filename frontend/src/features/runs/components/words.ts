import { formatCount, formatNumber, formatScore, formatShare, plural } from '@/lib/format';
import { separationOf } from '@/lib/meanings';
import type { Cut, Profile, Run } from '../api/runs';

const ALGORITHMS: Record<Run['algorithm'], string> = { auto: 'Automatic', hierarchical: 'Hierarchical', kmeans: 'K-Means', dbscan: 'DBSCAN', hdbscan: 'HDBSCAN', mixture: 'Mixture model', regions: 'Dense regions' };
const LINKAGES: Record<NonNullable<Run['linkage']>, string> = { ward: 'Ward', complete: 'complete linkage', average: 'average linkage', single: 'single linkage' };

export function methodOf(run: Pick<Run, 'algorithm' | 'linkage'>): string {
  const name = ALGORITHMS[run.algorithm];
  return run.linkage ? `${name}, ${LINKAGES[run.linkage]}` : name;
}

/** How skewed numbers are handled: the choices and how they are described. */
export const TRANSFORMS = { auto: 'Transform where needed', log: 'Log-transform all', none: 'Leave as they are' } as const;
export const transformOf = ({ transform }: Pick<Run, 'transform'>): string => TRANSFORMS[transform as keyof typeof TRANSFORMS];

/** What an adjusted Rand index means, in words. */
export function agreementOf(index: number): string {
  if (index >= 0.9) return 'They group the customers almost identically.';
  if (index >= 0.65) return 'They group most customers the same way.';
  if (index >= 0.3) return 'They agree only in part: many customers grouped together in one are separated in the other.';
  return 'They have little in common: knowing one says almost nothing about the other.';
}

/** Differences of a silhouette below this are too small to act on. */
const SAME_SILHOUETTE = 0.02;

/** Which of two runs to prefer, as far as figures can tell. */
export function betterOf(first: Run, second: Run): string {
  if (first.degenerate !== second.degenerate) return `The ${first.degenerate ? 'second' : 'first'} is more reliable: in the other, one segment is tiny or contains almost all customers.`;
  const space = (run: Run): string => JSON.stringify([run.dataset_id, run.columns, run.transform, run.n_features]);
  const [a, b] = [first.silhouette_score, second.silhouette_score];
  if (a === null || b === null) return 'The separation of the segments is not known for both.';
  if (space(first) !== space(second)) return 'They use different columns or settings, so their silhouettes cannot be compared.';
  if (Math.abs(a - b) < SAME_SILHOUETTE) return `Both are equally well separated: silhouette ${formatScore(a)} and ${formatScore(b)}.`;
  return `The ${a > b ? 'first' : 'second'} is better separated: silhouette ${formatScore(Math.max(a, b))} vs ${formatScore(Math.min(a, b))}.`;
}

const SURE = { 'highly stable': 'reliable', stable: 'reliable', moderate: 'uncertain', doubtful: 'unreliable', dissolved: 'unreliable' } as const;

/** How many segments of each of two runs come back when the customers are drawn again, where it was checked of both. */
export function steadinessOf(first: Run, second: Run): string | null {
  const [a, b] = [first.validation?.stability, second.validation?.stability];
  if (!a || !b) return null;
  const count = ({ segments }: typeof a, word: string): number => segments.filter(({ band }) => SURE[band] === word).length;
  const reliable = (stability: typeof a, whole: string): string => {
    const others = ['uncertain', 'unreliable'].filter((word) => count(stability, word) > 0).map((word) => `${count(stability, word)} ${word}`);
    return `${count(stability, 'reliable')} of ${whole} are reliable${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
  };
  return `When the customers are resampled, ${reliable(a, `the first’s ${plural(a.segments.length, 'segment')}`)}, and ${reliable(b, `the second’s ${formatCount(b.segments.length)}`)}.`;
}

/** What is to be made of another cut; nothing where it was not tested. */
export const saidOf = (cut: Pick<Cut, 'headline'> | undefined): string | undefined => (cut === undefined || cut.headline === '' ? undefined : cut.headline);

/** What was found and how sure it is; by the silhouette alone where it was not tested. */
export function verdictOf(run: Run): string {
  const headline = run.validation?.headline ?? '';
  const parts = [headline === '' ? separationOf(run.silhouette_score) : headline];
  if (run.degenerate && headline === '') parts.push('One segment is tiny or contains almost all customers, so this segmentation is not useful.');
  if (run.n_noise > 0) parts.push(`${formatShare(run.n_noise / run.n_samples)} of the customers do not belong to any segment.`);
  return parts.join(' ');
}

/** The columns in which segments differ most from the rest, the strongest first. */
export function strongestOf(profiles: readonly Profile[]): string[] {
  const differences = profiles.flatMap((profile) => profile.differences);
  return [...new Set(differences.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).map(({ column }) => column))];
}

/** The strongest differences from the rest, as short sentences. */
export function differencesOf(profile: Profile, count = 3): string[] {
  return profile.differences.slice(0, count).map(({ column, level, value, rest }) => {
    if (level !== null) return `${column} is ${level}: ${formatShare(value)} vs ${formatShare(rest)}`;
    const word = value > rest ? 'Higher' : 'Lower';
    return `${word} ${column}: ${figure(value)} vs ${figure(rest)}`;
  });
}

export const figure = (value: number): string => (Math.abs(value) < 10 && !Number.isInteger(value) ? formatScore(value) : formatNumber(value));

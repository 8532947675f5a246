/** What the words mean that figures are told by: one text, beside the figure and on the page About. */

export const MEANINGS = {
  segment: {
    word: 'Segment',
    text: 'A group of customers who are more like each other than like the rest. It keeps its name and its colour as long as the name is true, also when the model is trained anew.',
  },
  confidence: {
    word: 'Confidence',
    text: 'How much nearer a customer is to the middle of the own segment than to the middle of the next: 100% is right in the middle, 0% right on the border.',
  },
  structure: {
    word: 'Real groups',
    text: 'Any list of customers can be cut into segments. A test looks for gaps between the groups, and counts how often a cloud without groups would show one as clear: up to 5 times in 100 there are signs of groups, and up to once in 100 with a deep gap they are real.',
  },
  stability: {
    word: 'Stability',
    text: 'Whether a segment comes back when the customers are drawn again by chance: the share of its customers found together again (Jaccard), from 0 to 1. Above 0.75 it can be relied on, from 0.6 on it is a pattern, but who belongs to it is uncertain, and below that it comes and goes.',
  },
  number: {
    word: 'How many segments',
    text: 'The customers are drawn again by chance many times, and each time the number is looked for at which K-Means has the highest silhouette: that of the segments it finds then, not of those shown. Several criteria weigh in their own way how tight segments are against how far apart they lie; where they disagree, more than one number can be defended.',
  },
  silhouette: {
    word: 'Silhouette',
    text: 'How clearly segments stand apart, from −1 to 1. Above 0.5 they are plain to see, around 0.25 they overlap, at 0 there are none.',
  },
  agreement: {
    word: 'Agreement',
    text: 'Whether two segmentations put the same customers together, whatever the segments are called (adjusted Rand index): 1 is the same grouping, 0 what chance alone would give.',
  },
  inertia: {
    word: 'Inertia',
    text: 'How far customers are from the middle of their segment, all together. More segments always make it smaller; the bend in its curve hints at the right number.',
  },
  drift: {
    word: 'Drift',
    text: 'Whether the customers of late still look like those the model was trained on. Where they do not, it is time to train anew.',
  },
} as const;

export type Term = keyof typeof MEANINGS;

type Structure = 'strong' | 'weak' | 'none';

/**
 * What a silhouette means, in words, after Kaufman and Rousseeuw's bands; where it was tested
 * whether there are groups at all, the test has the first word.
 */
export function separationOf(silhouette: number | null, structure?: Structure): string {
  if (structure === 'none') return 'There are no distinct groups: read the segments as slices of a continuum.';
  if (silhouette === null) return 'Nothing can be said of how far the segments stand apart.';
  if (structure === 'strong' && silhouette < 0.5) return silhouette < 0.25 ? 'The groups are real, but many customers lie between them.' : 'The groups are real, but they overlap.';
  if (silhouette >= 0.5) return 'The segments stand clearly apart.';
  if (silhouette >= 0.25) return 'The segments can be told apart, but they overlap.';
  return 'The segments hardly stand apart: read them as slices of a continuum.';
}

/** The same for one segment, by the mean silhouette of its customers. */
export function standingOf({ size, silhouette }: { size: number; silhouette: number }): string {
  if (size === 1) return 'One customer alone, far from the others.';
  if (silhouette >= 0.5) return 'It stands clearly apart.';
  if (silhouette >= 0.25) return 'It can be told apart, but overlaps others.';
  return silhouette > 0 ? 'It hardly stands apart from others.' : 'Most of it lies nearer to another segment.';
}

/** Whether segments come back when the customers are drawn again, all together and as each is told of. */
export function stabilityOf(segments: readonly { band: string }[]): string {
  const all = segments.length;
  const shaky = segments.filter(({ band }) => band === 'dissolved' || band === 'doubtful').length;
  const uncertain = segments.filter(({ band }) => band === 'moderate').length;
  const again = 'when the customers are drawn again by chance';
  if (shaky === all) return `No segment comes back as it was ${again}: do not build on them.`;
  if (uncertain === all) return `Every segment comes back as a pattern ${again}, but who belongs to it is uncertain.`;
  const parts: string[] = [];
  if (shaky > 0) parts.push(`${shaky} of ${all} segments should not be relied on: ${shaky === 1 ? 'it changes or vanishes' : 'they change or vanish'} ${again}.`);
  if (uncertain > 0) {
    const whole = shaky > 0 ? `For ${uncertain} more` : `All segments come back ${again}, but for ${uncertain} of ${all}`;
    parts.push(`${whole} it is uncertain who belongs to ${uncertain === 1 ? 'it' : 'them'}.`);
  }
  return parts.length > 0 ? parts.join(' ') : `Every segment comes back ${again}.`;
}

/** How many segments there are, and how their number came about. */
export interface Taken {
  count: number;
  /** Taken for its silhouette, the highest of all numbers. */
  isClearest?: boolean;
  /** Other numbers can be looked at on the page. */
  hasSlider?: boolean;
}

interface Certainty {
  shares: Readonly<Record<string, number>>;
  criteria: readonly { n_clusters: number }[];
}

/**
 * Whether this is the number to take. Resamples look for the highest silhouette, which often just
 * grows with the number: what they choose counts where another criterion chooses it too.
 */
export function numberOf({ shares, criteria }: Certainty, { count, isClearest = false, hasSlider = false }: Taken): string {
  const named = criteria.map(({ n_clusters }) => n_clusters);
  const most = Number(Object.keys(shares).reduce((best, each) => ((shares[each] ?? 0) > (shares[best] ?? 0) ? each : best)));
  const isBorneOut = (shares[most] ?? 0) > 0.5 && named.filter((each) => each === most).length > 1;
  const agree = new Set(named).size === 1;
  const range = `${Math.min(...named)} to ${Math.max(...named)}`;
  if (!isBorneOut) {
    const doubt = agree ? 'It is not sure how many segments there are' : `The measures of how many segments there are do not agree (${range})`;
    return `${doubt}: take the number you can use${hasSlider ? '; the slider shows each' : ''}.`;
  }
  if (most === count) return agree ? `Every measure of how many segments there are says ${most}.` : `${most} segments is what most measures say; not all of them agree (${range}).`;
  const found = isClearest
    ? `${count} segments stand apart most clearly here, but when the customers are drawn again by chance it is mostly ${most}`
    : `When the customers are drawn again by chance, it is mostly ${most} segments that stand apart most clearly, not ${count}`;
  return `${found}: look at ${most}${hasSlider ? ' with the slider' : ''} before you decide.`;
}

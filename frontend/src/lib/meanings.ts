/** The glossary: one text per word, next to a figure and in the guide. */

export const MEANINGS = {
  segment: {
    word: 'Segment',
    text: 'A group of customers who are more like each other than like the rest. It keeps its name and its colour as long as the name is true, even when the model is retrained.',
  },
  confidence: {
    word: 'Confidence',
    text: 'How much closer a customer is to the middle of its own segment than to the middle of the next one: 100% is exactly in the middle, 0% exactly on the border.',
  },
  probability: {
    word: 'Probability',
    text: 'How likely a customer belongs to the segment, checked on customers whose segment is known: of those given 70 to 80%, 70 to 80% belong there. It can be high although the confidence is low, as the confidence only measures how near the middle a customer is.',
  },
  structure: {
    word: 'Real groups',
    text: 'Any list of customers can be split into segments. A test looks for gaps between the groups and measures how often data without groups would show a gap as clear. Up to 5 times in 100 means signs of groups; up to once in 100, with a deep gap, means real groups.',
  },
  stability: {
    word: 'Stability',
    text: 'Whether a segment reappears when the customers are resampled: the share of its customers that are grouped together again (Jaccard), from 0 to 1. Above 0.75 it is reliable. From 0.6 to 0.75 there is a pattern, but its members are uncertain. Below 0.6 it comes and goes.',
  },
  number: {
    word: 'How many segments',
    text: 'The customers are resampled many times, and each time K-Means finds the number of segments with the highest silhouette (of the segments in that sample, not those shown). Several criteria also weigh how compact the segments are and how far apart they are. When they disagree, more than one number is reasonable.',
  },
  silhouette: {
    word: 'Silhouette',
    text: 'How well separated the segments are, from −1 to 1. Above 0.5 they are clearly visible, around 0.25 they overlap, and at 0 there are none.',
  },
  agreement: {
    word: 'Agreement',
    text: 'Whether two segmentations group the same customers together, regardless of segment names (adjusted Rand index): 1 means identical groups, 0 no more agreement than chance.',
  },
  inertia: {
    word: 'Inertia',
    text: 'How far customers are from the middle of their segment in total. It always falls as segments are added; the bend in the curve suggests the right number.',
  },
  drift: {
    word: 'Drift',
    text: 'Whether recent customers still look like those the model was trained on. If they do not, retrain the model.',
  },
  chance: {
    word: 'Chance (p)',
    text: 'How often so large a difference would appear if there were none. Up to 5 times in 100 counts as evidence. Of twenty columns that you try, one will look related by chance alone.',
  },
  lift: {
    word: 'Lift',
    text: 'The share or mean in a segment, divided by that of all customers: 1.6 means 1.6 times as much. If its range contains 1, the segment may be like everyone else.',
  },
  association: {
    word: 'Association (Cramér’s V, η²)',
    text: 'How much knowing the segment says about another column, from 0 (nothing) to 1 (everything): Cramér’s V for categories, η² (eta squared) for numbers. Held out means measured on customers whose values were not used.',
  },
  interval: {
    word: '95% interval',
    text: 'The range in which the true figure lies 95 times in 100. The fewer customers, the wider it is.',
  },
  outlier: {
    word: 'Outlier',
    text: 'A customer unlike everyone the segments were made from. The nearest segment is not a description of them.',
  },
  effect: {
    word: 'Effect size',
    text: 'How far a segment differs from all other customers, in standard deviations. At 0.2 nearly everyone overlaps, at 0.8 the difference is large, at 2 few overlap.',
  },
  table: { word: 'Table', text: 'Rows and columns as they were read from a file.' },
  column: { word: 'Column', text: 'One field of a table. It has a kind, such as number, category, date or identifier.' },
  customer: { word: 'Customer', text: 'One row of a table that is segmented.' },
  dataset: { word: 'Dataset', text: 'An uploaded table with its file and the way it is read. It belongs to its owner.' },
  orders: { word: 'Orders', text: 'A table of order lines, from which customers are made.' },
  snapshot: { word: 'Snapshot', text: 'The customers of some orders up to one day.' },
  segmentation: { word: 'Segmentation', text: 'The segments of a table, with the way they were found and all versions.' },
  version: { word: 'Version', text: 'One stored training of a segmentation. One version is in use at a time; the others stay.' },
  recipe: { word: 'Recipe', text: 'Every decision behind a segmentation: columns, gaps, scales, method, number of segments.' },
  placement: { word: 'Placement', text: 'The segment of a customer, with how sure that is.' },
  report: { word: 'Segment book', text: 'A version as a report to hand on: an overview and a page per segment, as PDF, PowerPoint, web page or Excel.' },
  rfm: { word: 'RFM', text: 'Recency, frequency and money: how recently a customer ordered, how often, and for how much, each as a score from 1 to 5.' },
  cohort: { word: 'Cohort', text: 'The customers who first ordered in the same period.' },
  value: { word: 'Value to come', text: 'The money a customer is expected to bring in a period ahead, with the range it may fall in.' },
  ledger: { word: 'Ledger', text: 'The account of all order lines: which count as orders, which do not, and why.' },
} as const;

export type Term = keyof typeof MEANINGS;

type Structure = 'strong' | 'weak' | 'none';

/**
 * What a silhouette means, in words, after Kaufman and Rousseeuw's bands; where it was tested
 * whether there are groups at all, the test has the first word.
 */
export function separationOf(silhouette: number | null, structure?: Structure): string {
  if (structure === 'none') return 'There is no evidence of distinct groups: read the segments as slices of a continuum.';
  if (silhouette === null) return 'The separation of the segments is unknown.';
  if (structure === 'strong' && silhouette < 0.5) return silhouette < 0.25 ? 'The groups are real, but many customers lie between them.' : 'The groups are real, but they overlap.';
  if (silhouette >= 0.5) return 'The segments are clearly separated.';
  if (silhouette >= 0.25) return 'The segments are distinct, but they overlap.';
  return 'The segments are barely separated: read them as slices of a continuum.';
}

/** The same for one segment, by the mean silhouette of its customers. */
export function standingOf({ size, silhouette }: { size: number; silhouette: number }): string {
  if (size === 1) return 'A single customer, far from the others.';
  if (silhouette >= 0.5) return 'It is clearly separated.';
  if (silhouette >= 0.25) return 'It is distinct, but overlaps others.';
  return silhouette > 0 ? 'It is barely separated from the others.' : 'Most of its customers are closer to another segment.';
}

/** Whether the segments reappear in resamples, as a sentence about all of them. */
export function stabilityOf(segments: readonly { band: string }[]): string {
  const all = segments.length;
  const shaky = segments.filter(({ band }) => band === 'dissolved' || band === 'doubtful').length;
  const uncertain = segments.filter(({ band }) => band === 'moderate').length;
  const again = 'when the customers are resampled';
  if (shaky === all) return `No segment reappears reliably ${again}: do not rely on them.`;
  if (uncertain === all) return `Every segment reappears as a pattern ${again}, but its members are uncertain.`;
  const parts: string[] = [];
  if (shaky > 0) parts.push(`${shaky} of ${all} segments ${shaky === 1 ? 'is unreliable: it changes or disappears' : 'are unreliable: they change or disappear'} ${again}.`);
  if (uncertain > 0) {
    const whole = shaky > 0 ? `For ${uncertain} more,` : `All segments reappear ${again}, but for ${uncertain} of ${all}`;
    parts.push(`${whole} the members are uncertain.`);
  }
  return parts.length > 0 ? parts.join(' ') : `Every segment reappears ${again}.`;
}

/** How many segments there are, and how their number came about. */
export interface Taken {
  count: number;
  /** Chosen by the program. */
  isAutomatic?: boolean;
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
export function numberOf({ shares, criteria }: Certainty, { count, isAutomatic = false, hasSlider = false }: Taken): string {
  const named = criteria.map(({ n_clusters }) => n_clusters);
  const most = Number(Object.keys(shares).reduce((best, each) => ((shares[each] ?? 0) > (shares[best] ?? 0) ? each : best)));
  const isBorneOut = (shares[most] ?? 0) > 0.5 && named.filter((each) => each === most).length > 1;
  const agree = new Set(named).size === 1;
  const range = `${Math.min(...named)} to ${Math.max(...named)}`;
  if (!isBorneOut) {
    const doubt = agree ? 'The number of segments is uncertain' : `The criteria for the number of segments disagree (${range})`;
    return `${doubt}: choose the one that is most useful to you${hasSlider ? '; the slider shows each of them' : ''}.`;
  }
  if (most === count) return agree ? `All criteria agree on ${most} segments.` : `Most criteria suggest ${most} segments, but not all agree (${range}).`;
  const found = isAutomatic
    ? `${count} segments were chosen automatically, but when the customers are resampled, ${most} are usually best separated`
    : `When the customers are resampled, ${most} segments are usually best separated, not ${count}`;
  return `${found}: look at ${most}${hasSlider ? ' with the slider' : ''} before deciding.`;
}

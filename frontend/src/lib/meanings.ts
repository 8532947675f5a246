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
    text: 'Whether a segment comes back when the customers are drawn again by chance: the share of its customers found together again (Jaccard), from 0 to 1. Above 0.75 it can be relied on, below 0.6 it comes and goes.',
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

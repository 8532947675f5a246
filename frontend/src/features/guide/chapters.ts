/** The guide: documents of the project in the order to read them, and the words. */

import bringAFile from '@docs/guide/bring-a-file.md';
import checkTheReading from '@docs/guide/check-the-reading.md';
import decideWhatToDo from '@docs/guide/decide-what-to-do.md';
import findYourWay from '@docs/guide/find-your-way.md';
import fromOrders from '@docs/guide/from-orders.md';
import placeCustomers from '@docs/guide/place-customers.md';
import privacy from '@docs/guide/privacy.md';
import understandSegments from '@docs/guide/understand-segments.md';
import versionsAndDrift from '@docs/guide/versions-and-drift.md';
import analysis from '@docs/analysis.md';
import book from '@docs/book.md';
import datasets from '@docs/datasets.md';
import defaults from '@docs/defaults.md';
import drift from '@docs/drift.md';
import howToRead from '@docs/how-to-read.md';
import looking from '@docs/looking.md';
import membership from '@docs/membership.md';
import orders from '@docs/orders.md';
import reading from '@docs/reading.md';
import structure from '@docs/structure.md';
import { MEANINGS } from '@/lib/meanings';

export type Section = (typeof bringAFile.sections)[number];

export interface Chapter {
  /** Its address, as links between the documents name it. */
  slug: string;
  title: string;
  sections: readonly Section[];
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;' };
const escape = (text: string): string => text.replace(/[&<]/g, (mark) => ESCAPES[mark] ?? mark);

/** Every word that has a definition, in alphabetical order. */
const words: Chapter = {
  slug: 'words',
  title: 'Words',
  sections: Object.entries(MEANINGS)
    .map(([id, { word, text }]) => ({ id, title: word, html: `<p>${escape(text)}</p>` }))
    .sort((a, b) => a.title.localeCompare(b.title)),
};

export const PARTS: readonly { title: string; chapters: readonly Chapter[] }[] = [
  {
    title: 'Step by step',
    chapters: [
      { slug: 'bring-a-file', ...bringAFile },
      { slug: 'check-the-reading', ...checkTheReading },
      { slug: 'understand-segments', ...understandSegments },
      { slug: 'how-to-read', ...howToRead },
      { slug: 'decide-what-to-do', ...decideWhatToDo },
      { slug: 'place-customers', ...placeCustomers },
      { slug: 'versions-and-drift', ...versionsAndDrift },
      { slug: 'from-orders', ...fromOrders },
      { slug: 'privacy', ...privacy },
      { slug: 'find-your-way', ...findYourWay },
      words,
    ],
  },
  {
    title: 'In detail',
    chapters: [
      { slug: 'reading', ...reading },
      { slug: 'datasets', ...datasets },
      { slug: 'structure', ...structure },
      { slug: 'membership', ...membership },
      { slug: 'defaults', ...defaults },
      { slug: 'looking', ...looking },
      { slug: 'drift', ...drift },
      { slug: 'orders', ...orders },
      { slug: 'book', ...book },
      { slug: 'analysis', ...analysis },
    ],
  },
];

export const CHAPTERS: readonly Chapter[] = PARTS.flatMap(({ chapters }) => chapters);

export const addressOf = ({ slug }: Pick<Chapter, 'slug'>, { id }: Pick<Section, 'id'> = { id: '' }): string => `/guide/${slug}${id === '' ? '' : `#${id}`}`;

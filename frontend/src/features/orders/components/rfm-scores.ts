import { formatNumber } from '@/lib/format';
import type { Rfm, RfmCell } from '../api/views';

export const SCORES = [1, 2, 3, 4, 5];

export type Figure = 'recency' | 'frequency' | 'monetary';

interface Words {
  title: string;
  /** What its score is called. */
  score: string;
  /** Its n-th cut point; the first recency is the best, the others grow. */
  edge: (n: number) => string;
}

export const FIGURES: Record<Figure, Words> = {
  recency: { title: 'Days since the last order', score: 'Recency', edge: (n) => `Score ${6 - n}: up to` },
  frequency: { title: 'Orders', score: 'Frequency', edge: (n) => `Score ${n}: up to` },
  monetary: { title: 'Money', score: 'Money', edge: (n) => `Score ${n}: up to` },
};

/** What a score of 1 to 5 stands for, in the words of its cut points: "3 to 5" orders. */
export function scoreLabels({ edges, highest_scores, unit }: Rfm['cut_points'][number]): string[] {
  const isCounted = unit !== 'money';
  const bands = [...edges, null].map((edge, index) => {
    const below = index === 0 ? null : (edges[index - 1] ?? null);
    if (below === null) return `up to ${formatNumber(edge)}`;
    if (!isCounted) return edge === null ? `over ${formatNumber(below)}` : `${formatNumber(below)} to ${formatNumber(edge)}`;
    const least = Math.floor(below) + 1;
    if (edge === null) return `${formatNumber(least)} or more`;
    return Math.floor(edge) === least ? formatNumber(least) : `${formatNumber(least)} to ${formatNumber(Math.floor(edge))}`;
  });
  return highest_scores === 'smallest' ? bands.reverse() : bands;
}

export function labelsOf(rfm: Rfm, figure: Figure): string[] {
  const cuts = rfm.cut_points.find((each) => each.figure === figure);
  return cuts ? scoreLabels(cuts) : SCORES.map(String);
}

/** The 25 cells of recency and frequency: of all customers, or of those with one score of money. */
export function cellsAt(rfm: Rfm, monetary: number | null): readonly RfmCell[] {
  if (monetary === null) return rfm.grid;
  const held = new Map(rfm.cube.filter((each) => each.monetary === monetary).map((each) => [`${each.recency} ${each.frequency}`, each]));
  return rfm.grid.map(({ recency, frequency }) => {
    const cell = held.get(`${recency} ${frequency}`);
    return cell ? { ...cell, segments: [cell.segment] } : { recency, frequency, segment: '', segments: [], customers: 0, orders: 0, money: 0 };
  });
}

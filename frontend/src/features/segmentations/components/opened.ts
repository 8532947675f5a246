import { useOutletContext } from 'react-router';
import type { Marks } from '@/components/movement';
import type { Ref, Segment, Segmentation, Version } from '../api/segmentations';

/** The segmentation that a group of pages is about, and the version of it that they show. */
export interface Opened {
  segmentation: Segmentation;
  version: Version;
  /** How it is addressed: by its number, or `core`. */
  id: Ref;
  /** Whether its reader may change it. */
  mayChange: boolean;
}

export const useOpened = (): Opened => useOutletContext<Opened>();

/** The segments in the order that they have everywhere: the owner's, then the largest first. */
export const inOrder = (segments: readonly Segment[]): readonly Segment[] =>
  [...segments].sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || b.size - a.size || a.lasting_id - b.lasting_id);

/** Anything about segments in the order that these have everywhere; what is in none comes last. */
export function inSameOrder<T extends { lasting_id: number | null }>(rows: readonly T[], segments: readonly Segment[]): T[] {
  const order = new Map<number | null, number>(inOrder(segments).map(({ lasting_id }, place) => [lasting_id, place]));
  const placeOf = ({ lasting_id }: T): number => order.get(lasting_id) ?? order.size;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}

/**
 * By which mark each segment of a version is drawn: that of its lasting one, so that it keeps colour
 * and shape from version to version. What the version does not have gets marks that none of it has.
 */
export function lastingMarks(segments: readonly Segment[]): Marks {
  const lasting = new Map(segments.map(({ id, lasting_id }) => [id, lasting_id]));
  const first = Math.max(-1, ...lasting.values()) + 1;
  return (mark) => (mark < 0 ? mark : (lasting.get(mark) ?? first + Math.max(0, mark - segments.length)));
}

/** The contract's clusters by the names and in the order of the segments that they are. */
export function inWordsOf<Cluster extends { cluster_id: number; cluster_name: string }>(segments: readonly Segment[], clusters: readonly Cluster[]): Cluster[] {
  const order = inOrder(segments);
  const place = ({ cluster_id }: Cluster): number => order.findIndex(({ id }) => id === cluster_id);
  return clusters.map((cluster) => ({ ...cluster, cluster_name: order[place(cluster)]?.name ?? cluster.cluster_name })).sort((a, b) => place(a) - place(b));
}

/** The address of one of its pages, of the version that is looked at. */
export function addressIn(id: Ref, view = '', version?: number): string {
  const query = version === undefined ? '' : `?version=${version}`;
  return `/segmentations/${id}${view === '' ? '' : `/${view}`}${query}`;
}

import type { Marks } from '@/components/movement';
import type { Dendrogram } from '../api/runs';

type Tree = Pick<Dendrogram, 'n_clusters' | 'cut_height' | 'leaves' | 'cuts'>;

/** One way to cut a tree: at which height, and which segment each drawn leaf is in. */
export interface TreeCut {
  height: number;
  clusters: readonly number[];
}

/** All ways to cut a tree that can be drawn, its own among them, by their number of segments. */
export function cutsOf({ n_clusters, cut_height, leaves, cuts }: Tree): ReadonlyMap<number, TreeCut> {
  const own: TreeCut = { height: cut_height, clusters: leaves.map(({ cluster }) => cluster) };
  const others = cuts.filter(({ leaf_clusters }) => leaf_clusters.length === leaves.length).map((cut): [number, TreeCut] => [cut.n_clusters, { height: cut.cut_height, clusters: cut.leaf_clusters }]);
  return new Map([...others, [n_clusters, own] as const].sort(([a], [b]) => a - b));
}

/**
 * By which mark each segment of each cut is drawn, so that a segment keeps its colour from cut to cut.
 *
 * At the tree's own cut each has its own. Where a segment is divided, its largest part keeps the
 * mark and the others take unused ones; where some are joined, they take the largest one's.
 */
export function marksOfCuts({ n_clusters, leaves }: Pick<Tree, 'n_clusters' | 'leaves'>, cuts: ReadonlyMap<number, TreeCut>): (n_clusters: number) => Marks {
  const own: number[] = Array.from({ length: n_clusters }, (_, segment) => segment);
  const found = new Map<number, readonly number[]>([[n_clusters, own]]);
  const counts = [...cuts.keys()];
  const at = counts.indexOf(n_clusters);
  const follow = (from: number, to: number): void => {
    const [before, after] = [cuts.get(from)?.clusters ?? [], cuts.get(to)?.clusters ?? []];
    const shared = new Map<string, { old: number; now: number; rows: number }>();
    leaves.forEach(({ n_rows }, leaf) => {
      const [old = 0, now = 0] = [before[leaf], after[leaf]];
      const pair = shared.get(`${old}-${now}`) ?? { old, now, rows: 0 };
      shared.set(`${old}-${now}`, { ...pair, rows: pair.rows + n_rows });
    });
    const marks: number[] = [];
    const taken = new Set<number>();
    for (const { old, now } of [...shared.values()].sort((a, b) => b.rows - a.rows)) {
      const mark = found.get(from)?.[old] ?? old;
      if (marks[now] !== undefined || taken.has(mark)) continue;
      marks[now] = mark;
      taken.add(mark);
    }
    const size = Math.max(-1, ...after) + 1;
    for (let now = 0, unused = 0; now < size; now += 1) {
      if (marks[now] !== undefined) continue;
      while (taken.has(unused)) unused += 1;
      marks[now] = unused;
      taken.add(unused);
    }
    found.set(to, marks);
  };
  for (let index = at + 1; index < counts.length; index += 1) follow(counts[index - 1] ?? 0, counts[index] ?? 0);
  for (let index = at - 1; index >= 0; index -= 1) follow(counts[index + 1] ?? 0, counts[index] ?? 0);
  return (count) => {
    const marks = found.get(count);
    return (segment) => marks?.[segment] ?? segment;
  };
}

/** The segments as they lie side by side under the tree, from the first to the last leaf of each. */
export function blocksOf(clusters: readonly number[]): { cluster: number; from: number; to: number }[] {
  const blocks: { cluster: number; from: number; to: number }[] = [];
  clusters.forEach((cluster, leaf) => {
    const last = blocks.at(-1);
    if (last?.cluster === cluster) last.to = leaf;
    else blocks.push({ cluster, from: leaf, to: leaf });
  });
  return blocks;
}

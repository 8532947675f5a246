import type { Dendrogram } from '../api/runs';

type Branch = Dendrogram['branches'][number];

export interface Subtree {
  /** Positions of its first and last leaf. */
  from: number;
  to: number;
  size: number;
}

const key = (x: number, y: number): string => `${x.toFixed(4)}|${y.toPrecision(9)}`;

/**
 * The subtrees that a cut at a height leaves, from left to right.
 *
 * A bracket above the cut whose foot stands below it ends in one of them.
 */
export function subtreesAt({ branches, leaves }: Pick<Dendrogram, 'branches' | 'leaves'>, height: number): Subtree[] {
  const tops = new Map<string, Branch>();
  for (const branch of branches) tops.set(key((branch.x_left + branch.x_right) / 2, branch.height), branch);
  const span = (x: number, y: number): [number, number] => {
    const branch = tops.get(key(x, y));
    if (branch === undefined || branch.height === 0) return [x, x];
    return [span(branch.x_left, branch.y_left)[0], span(branch.x_right, branch.y_right)[1]];
  };
  const feet = branches
    .filter((branch) => branch.height > height)
    .flatMap(({ x_left, y_left, x_right, y_right }): [number, number][] => [
      [x_left, y_left],
      [x_right, y_right],
    ])
    .filter(([, y]) => y <= height)
    .map(([x, y]) => span(x, y))
    .sort((a, b) => a[0] - b[0]);
  return feet.map(([from, to]) => ({
    from,
    to,
    size: leaves.filter(({ x }) => x >= from - 1e-6 && x <= to + 1e-6).reduce((sum, leaf) => sum + leaf.n_rows, 0),
  }));
}

/** Gives each subtree the id of the segment of its size; equal sizes go from left to right. */
export function namesBySize(subtrees: readonly Subtree[], sizes: readonly number[]): number[] {
  const left = sizes.map((size, id) => ({ size, id }));
  return subtrees.map(({ size }) => {
    const place = left.findIndex((each) => each.size === size);
    return place < 0 ? -1 : (left.splice(place, 1)[0]?.id ?? -1);
  });
}

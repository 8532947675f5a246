import { describe, expect, it } from 'vitest';
import { blocksOf, cutsOf, marksOfCuts } from './components/tree';

// Six leaves, cut into three: a large segment, a middling and a small one.
const cut = { silhouette_score: 0.5, degenerate: false };
const tree = {
  n_clusters: 3,
  cut_height: 3,
  leaves: [50, 30, 40, 20, 20, 10].map((n_rows, x) => ({ x, n_rows, cluster: [0, 0, 1, 1, 2, 2][x] ?? -1 })),
  cuts: [
    { ...cut, n_clusters: 2, cut_height: 4, leaf_clusters: [0, 0, 1, 1, 1, 1] },
    { ...cut, n_clusters: 3, cut_height: 3, leaf_clusters: [0, 0, 1, 1, 2, 2] },
    // The first is divided, and its smaller part is the smallest but one.
    { ...cut, n_clusters: 4, cut_height: 2, leaf_clusters: [1, 2, 0, 0, 3, 3] },
    { ...cut, n_clusters: 5, cut_height: 1, leaf_clusters: [0, 2, 1, 3, 4, 4] },
    { ...cut, n_clusters: 15, cut_height: 0.1, leaf_clusters: [] },
  ],
};

describe('the cuts of a tree', () => {
  it('are those that its drawing shows', () => {
    expect([...cutsOf(tree).keys()]).toEqual([2, 3, 4, 5]);
    expect(cutsOf(tree).get(2)?.height).toBe(4);
    expect([...cutsOf({ ...tree, cuts: [] }).keys()]).toEqual([3]);
  });

  it('leave a segment its mark, and give a part that is divided off one that nobody bears', () => {
    const marksAt = marksOfCuts(tree, cutsOf(tree));
    const drawn = (count: number) => cutsOf(tree).get(count)?.clusters.map(marksAt(count));
    expect(drawn(3)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(drawn(4)).toEqual([0, 3, 1, 1, 2, 2]);
    expect(drawn(5)).toEqual([0, 3, 1, 4, 2, 2]);
    expect(drawn(2)).toEqual([0, 0, 1, 1, 1, 1]);
  });

  it('lie side by side', () => {
    expect(blocksOf([1, 1, 0, 2, 2])).toEqual([
      { cluster: 1, from: 0, to: 1 },
      { cluster: 0, from: 2, to: 2 },
      { cluster: 2, from: 3, to: 4 },
    ]);
  });
});

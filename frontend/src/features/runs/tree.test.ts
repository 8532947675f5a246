import { describe, expect, it } from 'vitest';
import { namesBySize, subtreesAt } from './components/tree';

// Four leaves: 5 and 15 join at 1, 25 and 35 at 2, both pairs at 4.
const branch = { cluster: -1 };
const tree = {
  branches: [
    { ...branch, x_left: 5, x_right: 15, y_left: 0, y_right: 0, height: 1 },
    { ...branch, x_left: 25, x_right: 35, y_left: 0, y_right: 0, height: 2 },
    { ...branch, x_left: 10, x_right: 30, y_left: 1, y_right: 2, height: 4 },
  ],
  leaves: [
    { x: 5, n_rows: 1, cluster: 0 },
    { x: 15, n_rows: 10, cluster: 0 },
    { x: 25, n_rows: 100, cluster: 1 },
    { x: 35, n_rows: 1000, cluster: 1 },
  ],
};

describe('a cut of the tree', () => {
  it('leaves the subtrees below it, with all their customers', () => {
    expect(subtreesAt(tree, 3).map(({ size }) => size)).toEqual([11, 1100]);
    expect(subtreesAt(tree, 1.5).map(({ size }) => size)).toEqual([11, 100, 1000]);
    expect(subtreesAt(tree, 0.5).map(({ size }) => size)).toEqual([1, 10, 100, 1000]);
  });

  it('gives each the segment of its size', () => {
    expect(namesBySize(subtreesAt(tree, 3), [1100, 11])).toEqual([1, 0]);
    expect(namesBySize(subtreesAt(tree, 3), [1100])).toEqual([-1, 0]);
  });
});

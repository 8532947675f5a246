/** Where a customer is drawn on a map whose scale is that of all the others. */

/** How far past the outermost customers another is shown in its place, as a share of their range. */
const MARGIN = 0.1;

export interface Place {
  at: [number, number];
  /** Farther than the map goes: drawn at its edge. */
  isBeyond: boolean;
}

function within(value: number, others: readonly number[]): number {
  const low = others.reduce((a, b) => Math.min(a, b), Infinity);
  const high = others.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return value;
  const margin = MARGIN * (high - low || Math.abs(high) || 1);
  if (value > high + margin) return high;
  return value < low - margin ? low : value;
}

/** One customer far away would squeeze all others into a corner, so that the map does not follow there. */
export function placeOnMap([x, y]: readonly [number, number], across: readonly number[], up: readonly number[]): Place {
  const at: [number, number] = [within(x, across), within(y, up)];
  return { at, isBeyond: at[0] !== x || at[1] !== y };
}

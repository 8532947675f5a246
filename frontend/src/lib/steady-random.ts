/** Random figures that are the same each time: a linear congruential generator (Numerical Recipes). */
export function steadyRandom(seed: number) {
  let state = seed;
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  return {
    /** From 0 to 1. */
    random,
    /** A whole number near the middle, by a bell curve that ends at 1.5 spreads from it. */
    around: (middle: number, spread: number): number => Math.round(middle + (random() + random() + random() - 1.5) * spread),
  };
}

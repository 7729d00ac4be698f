/** Which lines of a list are drawn, where lines differ in height. Pure sums, in px. */

/** Where each line begins, and, last, where the list ends. */
export function topsOf(heights: readonly number[]): number[] {
  const tops = [0];
  for (const height of heights) tops.push(tops.at(-1)! + height);
  return tops;
}

/** The line that covers `y`; the first or the last where that is outside. */
export function lineAt(y: number, tops: readonly number[]): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** First line to draw, and the one after the last: what is seen between two heights, and `spare` more on each side. */
export function spanOf(from: number, to: number, tops: readonly number[], spare: number): [number, number] {
  const count = tops.length - 1;
  if (count === 0) return [0, 0];
  return [Math.max(0, lineAt(from, tops) - spare), Math.min(count, lineAt(to, tops) + 1 + spare)];
}

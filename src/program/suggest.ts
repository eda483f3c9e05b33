import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, for "did you mean …?"; undefined when nothing is near. Near means: equal but for
 * case, `-` and `_` (`max_attempts` for `maxAttempts`), two neighbours in each other's place, or at most a third of the letters differ (one of three, two of six, three at most). Of
 * equally near candidates the first one wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = letters(word);
  const limit = Math.min(3, Math.floor(Math.max(word.length, 3) / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit + 2) continue;
    const away = letters(candidate) === plain ? 0 : distanceOf(word.toLowerCase(), candidate.toLowerCase());
    if (away < bestDistance && away < candidate.length) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

const letters = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Levenshtein's distance, with two neighbours that changed places counted as one mistake, not two. */
function distanceOf(a: string, b: string): number {
  if (a.length === b.length) {
    const i = [...a].findIndex((_, at) => a[at] !== b[at]);
    if (i >= 0 && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)) return 1;
  }
  return distance(a, b);
}

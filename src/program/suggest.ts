import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, for "did you mean …?"; undefined when nothing is near. Near means: equal but for
 * case, `-` and `_` (`max_attempts` for `maxAttempts`), two neighbours in each other's place, one word cut short (`warning` for `warn`, four letters at least), or at most a third of the letters differ (one of three, two of six, three at most). Of
 * equally near candidates the first one wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = letters(word);
  const limit = Math.min(3, Math.floor(Math.max(word.length, 3) / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const away = letters(candidate) === plain ? 0 : distanceOf(word.toLowerCase(), candidate.toLowerCase());
    if (away < bestDistance && away < candidate.length) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

const letters = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Levenshtein's distance, with two neighbours that changed places and a word that was cut short counted as one mistake each. */
function distanceOf(a: string, b: string): number {
  if (Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a))) return 1;
  if (a.length === b.length) {
    const i = [...a].findIndex((_, at) => a[at] !== b[at]);
    if (i >= 0 && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)) return 1;
  }
  return distance(a, b);
}

import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, for "did you mean …?"; undefined when nothing is near. Near means: equal but for
 * case, `-` and `_` (`max_attempts` for `maxAttempts`), two neighbours in each other's place, one word cut short (`warning` for `warn`, four letters at least), or at most a third of the letters differ (one of three, two of six, three at most). Of
 * equally near candidates the first one wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const plain = letters(lower);
  const limit = Math.min(3, Math.floor(Math.max(word.length, 3) / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  let tried = 0;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    if (++tried > MAX_CANDIDATES) break;
    const other = candidate.toLowerCase();
    const away = letters(other) === plain ? 0 : distanceOf(lower, other, limit);
    if (away < bestDistance && away < candidate.length) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

/** Words that one suggester looks up: with 1,000 candidates each, some tens of milliseconds. */
const MAX_WORDS = 200;

export type Suggest = typeof suggest;

/** `suggest` for one file: in one that gets thousands of names wrong, among thousands of candidates, only the first ones are looked up. */
export function createSuggester(): Suggest {
  let words = 0;
  return (word, candidates) => (++words > MAX_WORDS ? undefined : suggest(word, candidates));
}

/** Of so many that they are no longer a list of names that someone wrote, the first ones are enough. */
const MAX_CANDIDATES = 1_000;

const letters = (lower: string): string => (/[-_\s]/.test(lower) ? lower.replaceAll(/[-_\s]/g, '') : lower);

/** Levenshtein's distance, with two neighbours that changed places and a word that was cut short counted as one mistake each. */
function distanceOf(a: string, b: string, limit: number): number {
  if (Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a))) return 1;
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  if (a.length === b.length) {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    if (i < a.length && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)) return 1;
  }
  return distance(a, b);
}

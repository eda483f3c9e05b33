import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, for "did you mean …?"; undefined when nothing is near. Near means: equal but for
 * case, `-` and `_` (`max_attempts` for `maxAttempts`), or at most a third of the letters differ (one of three, two of six, three at most). Of
 * equally near candidates the first one wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = letters(word);
  const limit = Math.min(3, Math.floor(Math.max(word.length, 3) / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit + 2) continue;
    const away = letters(candidate) === plain ? 0 : distance(word.toLowerCase(), candidate.toLowerCase());
    if (away < bestDistance && away < candidate.length) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

const letters = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

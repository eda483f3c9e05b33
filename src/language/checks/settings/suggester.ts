import { suggest } from '../../../program/suggest.ts';

/** Of a file that gets more names wrong nobody reads each suggestion, and finding them would take seconds. */
const MAX_WORDS = 100;

/** `suggest` among the same candidates for the words of one file: each word once, and the first 100 different ones only. */
export function createSuggester(candidates: readonly string[]): (word: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (word) => {
    if (!known.has(word) && known.size < MAX_WORDS) known.set(word, suggest(word, candidates));
    return known.get(word);
  };
}

import { suggest } from '../../program/suggest.ts';

/** Words that are compared for one body, in all: about a tenth of a second. */
const MAX_COMPARED = 100_000;

/** `suggest` for a rule that may find something in thousands of places, with thousands of candidates each: past a bound it suggests nothing. */
export function createSuggester(): (word: string, candidates: Iterable<string>) => string | undefined {
  let compared = 0;
  return (word, candidates) => {
    if (compared > MAX_COMPARED) return undefined;
    const list = [...candidates];
    compared += list.length;
    return suggest(word, list);
  };
}

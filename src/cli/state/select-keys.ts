import { ProjectProblem } from '../../node/project-problem.ts';
import { suggest } from '../../program/suggest.ts';
import { isKeyPattern, matchesKeyPattern } from '../../runtime/state/inspect/key-pattern.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/**
 * The keys that a text means: the key itself when there is one, else those that match it as a pattern.
 * @throws ProjectProblem when a text that is no pattern is no key.
 */
export function selectKeys(keys: readonly string[], text: string | undefined, scope: string): readonly string[] {
  if (text === undefined) return keys;
  if (keys.includes(text)) return [text];
  if (isKeyPattern(text)) return keys.filter((key) => matchesKeyPattern(text, key));
  const nearest = suggest(text, keys);
  const help = nearest === undefined ? '' : `\nDid you mean ${harmlessLine(nearest)}?`;
  throw new ProjectProblem(`the scope "${harmlessLine(scope)}" has no key "${harmlessLine(text)}" now${help}`);
}

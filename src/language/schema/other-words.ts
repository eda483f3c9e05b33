import { suggest } from '../../program/suggest.ts';
import type { AnnotatedSchema } from './shape-error.ts';

/** Keys of steps by the words that other tools and programming languages have for them; which of them a step has, its schema knows. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  steps: ['do', 'body', 'tasks', 'actions', 'agents', 'branches', 'run'],
  then: ['do', 'body', 'steps', 'tasks'],
  map: ['do', 'body', 'steps', 'step', 'mapper'],
  reduce: ['reducer', 'aggregate'],
  items: ['each', 'over', 'in', 'of', 'list', 'values', 'array', 'collection', 'foreach'],
  condition: ['if', 'when', 'test', 'while'],
  value: ['on', 'expression', 'switch', 'match'],
  cases: ['case', 'branches', 'options'],
  default: ['else', 'otherwise', 'fallback'],
  else: ['otherwise', 'default'],
  catch: ['rescue', 'except', 'onError', 'on_error', 'onFailure'],
  finally: ['ensure', 'always'],
  concurrency: ['parallelism', 'parallel', 'max_parallel', 'maxConcurrency', 'max_concurrency'],
  breakWhen: ['break', 'breakIf', 'break_if', 'until', 'stopWhen'],
  maxIterations: ['max', 'limit', 'times', 'maxRounds'],
  waitFor: ['wait', 'mode', 'strategy'],
  loop: ['foreach', 'forEach', 'for_each', 'for', 'each', 'items'],
  onError: ['catch', 'on_failure', 'onFailure'],
  depends_on: ['needs', 'after', 'requires'],
};

/** Schemas of other things have keys that only look like these. */
const STEP_TITLES = /^an? `?[a-z-]+`? step$|^an agent$|^a step of `flow`$|^`loop`$/;

/** The key of a mapping that an unknown one was probably meant to be: one that is spelt nearly so, else one that is called so elsewhere. */
export function meantKey(name: string, schema: AnnotatedSchema | undefined): string | undefined {
  const known = Object.keys(schema?.properties ?? {});
  const near = suggest(name, known);
  if (near !== undefined || !STEP_TITLES.test(schema?.title ?? '')) return near;
  return known.find((key) => Object.hasOwn(OTHER_WORDS, key) && OTHER_WORDS[key]?.includes(name));
}

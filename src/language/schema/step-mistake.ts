import { createDiagnostic, type Diagnostic } from '../../program/diagnostic.ts';
import { suggest } from '../../program/suggest.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../document/located.ts';
import { headOf, type Place } from './place.ts';
import type { AnnotatedSchema } from './shape-error.ts';
import { CONFIG_KEYS } from './validators.gen.js';

/** Each flow step: what it goes by elsewhere, and the keys by which it is written here. */
const FLOW_STEPS: Readonly<Record<string, { readonly words: readonly string[]; readonly keys: string }>> = {
  parallel: { words: ['all', 'race', 'fork', 'concurrent'], keys: '`steps`' },
  branch: { words: ['if', 'choice', 'condition', 'conditional'], keys: '`condition`, `then` and `else`' },
  switch: { words: ['case', 'match', 'when'], keys: '`value`, `cases` and `default`' },
  foreach: { words: ['loop', 'for', 'for_each', 'forEach', 'each', 'iterate'], keys: '`items` and `steps`' },
  while: { words: ['until', 'repeat', 'do-while'], keys: '`condition` and `steps`' },
  try: { words: ['catch', 'try-catch', 'rescue'], keys: '`steps`, `catch` and `finally`' },
  'map-reduce': { words: ['map', 'reduce', 'mapReduce', 'map_reduce'], keys: '`items`, `map` and `reduce`' },
};
const IN_ORDER: ReadonlySet<string> = new Set(['sequence', 'sequential', 'serial', 'series', 'group']);
const WORK = ['operation', 'agent', 'ensemble'];
const AGENT_TITLES: ReadonlySet<string | undefined> = new Set(['an agent', 'a step of `flow`']);

/**
 * A flow step that is written as elsewhere (`type: loop`, `foreach: …`, steps in a mapping) was read as an agent: the one error that says so in place of all that an
 * agent lacks and has too much; 'told' when the error about its `type` says it; undefined for what is no such step.
 */
export function findStepMistake(schema: AnnotatedSchema | undefined, place: Place): Diagnostic | 'told' | undefined {
  const { value, entry } = place;
  if (!AGENT_TITLES.has(schema?.title) || value.kind !== 'mapping' || WORK.some((key) => entryOf(value, key) !== undefined))
    return undefined;
  const type = entryOf(value, 'type');
  if (type !== undefined) return isOtherType(type.value) ? 'told' : undefined;
  const known = schema?.properties ?? {};
  const word = value.entries.slice(0, 50).find(({ key }) => !Object.hasOwn(known, key.text) && helpWithType(key.text) !== undefined);
  if (word !== undefined) {
    const what = schema?.title ?? 'this mapping';
    return createDiagnostic('unknown-key', word.key.span, `unknown key "${word.key.text}" in ${what}`, {
      help: helpWithType(word.key.text),
    });
  }
  if (entry === undefined || value.entries.some(({ key }) => Object.hasOwn(known, key.text))) return undefined;
  return createDiagnostic('wrong-type', headOf(place), `\`${entry.key.text}\` must be a list of steps, found a mapping`, {
    help: 'begin each step with `- name: …`, or with `- type: …`',
  });
}

/** What to write for a `type` that does not exist. */
export function helpWithType(type: string): string | undefined {
  if (Object.hasOwn(CONFIG_KEYS, type)) return `what an agent does is its \`operation: ${type}\``;
  if (IN_ORDER.has(type)) return 'steps run in the order of their list: write them into the list around';
  const names = Object.keys(FLOW_STEPS);
  const name = names.find((one) => one === type || FLOW_STEPS[one]?.words.includes(type)) ?? suggest(type, names);
  return name === undefined ? undefined : `write \`type: ${name}\` with ${FLOW_STEPS[name]?.keys}`;
}

/** A `type` that neither is known nor names an operation, so that the mapping is no agent. */
function isOtherType(type: Located): boolean {
  if (type.kind !== 'scalar' || type.value === null) return false;
  const text = String(type.value);
  return text !== 'agent' && !Object.hasOwn(FLOW_STEPS, text) && !Object.hasOwn(CONFIG_KEYS, text);
}

const entryOf = (mapping: LocatedMapping, name: string): LocatedEntry | undefined => mapping.entries.find(({ key }) => key.text === name);

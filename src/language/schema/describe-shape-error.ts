import { createDiagnostic, type Diagnostic, type Span } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';
import { suggest } from '../../program/suggest.ts';
import type { Located } from '../document/located.ts';
import { meantKey } from './other-words.ts';
import { headOf, type Place, placeAt, showValue } from './place.ts';
import type { AnnotatedSchema, ShapeError } from './shape-error.ts';
import { findStepMistake, helpWithType } from './step-mistake.ts';
import { CONFIG_KEYS } from './validators.gen.js';

type Describe = (error: ShapeError, place: Place) => Diagnostic | undefined;

/** Words one error of the schema; undefined when another one, or a rule of the compiler, says it better. */
export function describeShapeError(error: ShapeError, root: Located): Diagnostic | undefined {
  // Of several keys one is needed: the `anyOf` around says so.
  if (/\/anyOf\/\d+\//.test(error.schemaPath)) return undefined;
  const place = placeAt(root, error.instancePath);
  const leftTo = error.parentSchema?.['x-left-to'];
  if (leftTo !== undefined && isLeft(leftTo, error, place)) return undefined;
  const mistake = error.keyword === 'not' ? undefined : findStepMistake(error.parentSchema, place);
  if (mistake !== undefined) return mistake === 'told' ? undefined : mistake;
  const describe = Object.hasOwn(KEYWORDS, error.keyword) ? KEYWORDS[error.keyword] : badValue;
  return describe?.(error, place);
}

/** Rules of the compiler that know about keys which are missing, and the keyword by which the schema asks for them. */
const KEY_RULES: Readonly<Record<string, string>> = { 'missing-config': 'required', 'open-trigger': 'anyOf' };

/** Whether the rule of the compiler that the schema names reports this error; such a rule knows more about scalars, or about missing keys. */
function isLeft(rule: string, { keyword }: ShapeError, { value }: Place): boolean {
  return Object.hasOwn(KEY_RULES, rule) ? keyword === KEY_RULES[rule] : value.kind === 'scalar';
}

const KEYWORDS: Readonly<Record<string, Describe>> = {
  // The branch that was taken has errors of its own.
  if: () => undefined,
  additionalProperties: unknownKey,
  required: ({ params, parentSchema }, place) => missingKey([String(params.missingProperty)], parentSchema, place),
  anyOf: ({ parentSchema }, place) => missingKey(parentSchema?.['x-needs'] ?? [], parentSchema, place),
  not: conflictingKeys,
  type: wrongType,
};

function unknownKey({ params, parentSchema }: ShapeError, place: Place): Diagnostic | undefined {
  const name = String(params.additionalProperty);
  const entry = place.value.kind === 'mapping' ? place.value.entries.find(({ key }) => key.text === name) : undefined;
  if (!entry) return undefined;
  const known = Object.keys(parentSchema?.properties ?? {});
  const near = meantKey(name, parentSchema);
  const expected = `expected one of ${known.join(', ')}`;
  const help = otherPlace(name, place) ?? (near === undefined ? expected : `did you mean "${near}"? ${expected}`);
  return error('unknown-key', entry.key.span, `unknown key "${name}" in ${parentSchema?.title ?? 'this mapping'}`, help);
}

const CONFIG_NAMES: ReadonlySet<string> = new Set(Object.values(CONFIG_KEYS).flat());

/** Settings often stand one level too high, and the keys of an agent one too deep. */
function otherPlace(name: string, { value, entry, parent }: Place): string | undefined {
  const operationOf = (mapping: Located): string | undefined => {
    const operation = mapping.kind === 'mapping' ? mapping.entries.find(({ key }) => key.text === 'operation')?.value : undefined;
    return operation?.kind === 'scalar' ? String(operation.value) : undefined;
  };
  // A file of thousands of unknown keys is not searched for each of them.
  const operation = CONFIG_NAMES.has(name) ? operationOf(value) : undefined;
  if (operation !== undefined && Object.hasOwn(CONFIG_KEYS, operation) && CONFIG_KEYS[operation]?.includes(name)) {
    return `\`${name}\` belongs under \`config:\``;
  }
  const isAgentKey = ['retry', 'timeout', 'condition', 'when', 'state', 'onError', 'input', 'cache', 'loop'].includes(name);
  return entry?.key.text === 'config' && parent && isAgentKey ? `\`${name}\` belongs beside \`config:\`, not in it` : undefined;
}

function missingKey(names: readonly string[], schema: AnnotatedSchema | undefined, place: Place): Diagnostic | undefined {
  const [first] = names;
  if (first === undefined || place.value.kind !== 'mapping') return undefined;
  const wanted = joinWords(names.map((name) => `\`${name}\``));
  const empty = place.value.entries.find(({ key }) => names.includes(key.text));
  const what = schema?.title ?? 'this';
  // One that is misspelt is there: the error about it says how it is spelt.
  if (!empty && place.value.entries.slice(0, MAX_MISSPELT).some(({ key }) => isMisspelt(key.text, names, schema))) return undefined;
  if (empty) return error('missing-key', empty.key.span, `\`${empty.key.text}\` of ${what} has no value`, 'give it one');
  return error('missing-key', headOf(place), `${what} needs ${wanted}`, `add it: \`${first}: …\``);
}

/** In a mapping of more keys nobody looks for the one that is missing. */
const MAX_MISSPELT = 100;

function isMisspelt(key: string, names: readonly string[], schema: AnnotatedSchema | undefined): boolean {
  if (Object.hasOwn(schema?.properties ?? {}, key)) return false;
  const meant = meantKey(key, schema);
  return meant !== undefined && names.includes(meant);
}

function conflictingKeys({ parentSchema }: ShapeError, place: Place): Diagnostic | undefined {
  const keys = parentSchema?.['x-conflict'];
  if (!keys || place.value.kind !== 'mapping') return undefined;
  const given = place.value.entries.filter(({ key }) => keys.includes(key.text));
  const second = given.at(-1);
  if (!second) return undefined;
  const [one, other] = keys;
  return error('conflicting-keys', second.key.span, `\`${one}\` and \`${other}\` cannot stand together`, 'keep one of the two');
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

function wrongType({ parentSchema }: ShapeError, place: Place): Diagnostic {
  const types = [parentSchema?.type ?? []].flat();
  // Whoever takes a text takes a number or a boolean as its text; nobody needs to be told.
  const named = types.includes('string') && types.includes('boolean') ? ['string'] : types;
  const expected = parentSchema?.['x-expected'] ?? named.map((type) => TYPE_WORDS[type] ?? type).join(' or ');
  return valueError('wrong-type', expected, undefined, place);
}

function badValue({ params, parentSchema }: ShapeError, place: Place): Diagnostic {
  const allowed = [params.allowedValues ?? []]
    .flat()
    .filter((value) => value !== null)
    .map(String);
  const expected = parentSchema?.['x-expected'] ?? (allowed.length === 1 ? (allowed[0] ?? '') : `one of ${allowed.join(', ')}`);
  const { value } = place;
  const near = value.kind === 'scalar' && value.value !== null ? suggest(String(value.value), allowed) : undefined;
  const isStepType = place.entry?.key.text === 'type' && allowed.includes('foreach');
  const typeHelp = isStepType && value.kind === 'scalar' ? helpWithType(String(value.value)) : undefined;
  return valueError('bad-value', expected, near === undefined ? typeHelp : `did you mean "${near}"?`, place);
}

function valueError(code: RuleName, expected: string, help: string | undefined, place: Place): Diagnostic {
  const what = place.entry ? `\`${place.entry.key.text}\`` : place.list ? `an item of \`${place.list.key.text}\`` : 'the file';
  const span = place.value.kind === 'scalar' && place.value.value !== null ? place.value.span : headOf(place);
  return error(code, span, `${what} must be ${expected}, found ${showValue(place.value)}`, help);
}

function error(code: RuleName, span: Span, message: string, help: string | undefined): Diagnostic {
  return createDiagnostic(code, span, message, { help });
}

/** `a, b or c`. */
const joinWords = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');

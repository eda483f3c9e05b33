import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { StateKeyPlan, StatePlan } from '../../program/program.ts';
import { suggest } from '../../program/suggest.ts';
import { failure } from '../failure.ts';
import { checkSchema } from '../schema/check-schema.ts';
import { describeSchema, describeValue } from '../schema/describe.ts';
import { renderProblems } from '../schema/schema-problem.ts';
import { buildAuthorReducer } from './author-reducer.ts';
import { REDUCERS, type StateReducer } from './reducers.ts';

/** What holds for one key, prepared so that a write of a plain type costs a comparison. */
export interface KeyRule {
  /** Its name, or what the author wrote. */
  readonly reducerName: string;
  readonly reducer: StateReducer;
  /** The reducer is `replace`. */
  readonly replaces: boolean;
  /** Infinity without `valid_for`. */
  readonly validForMs: number;
  readonly secret: boolean;
  readonly default: JsonValue | undefined;
  /** What is wrong with a value, in words that follow the key (`: expected number, found …`); undefined when nothing is. */
  check(value: JsonValue): string | undefined;
}

/** The rules of a state plan. Without a schema every key is allowed and replaces. */
export interface KeyRules {
  /** In the order of the schema; empty without one. */
  readonly declared: ReadonlyMap<string, KeyRule>;
  readonly open: boolean;
  /** True when some key has `valid_for`: only then the clock matters. */
  readonly aging: boolean;
  /** Throws STATE_TYPE for a key that the schema does not declare or that no backend could keep. `subject` begins the message. */
  find(key: string, subject: string): KeyRule;
}

const ANY_KEY: KeyRule = { ...ruleOf('replace'), validForMs: Infinity, secret: false, default: undefined, check: () => undefined };

/** By plan object: programs are frozen and reused. */
const prepared = new WeakMap<StatePlan, KeyRules>();

export function prepareKeyRules(plan: StatePlan): KeyRules {
  const known = prepared.get(plan);
  if (known !== undefined) return known;
  const declared = new Map(Object.entries(plan.schema ?? {}).map(([key, keyPlan]) => [key, buildRule(keyPlan)]));
  const open = plan.schema === undefined;
  const rules: KeyRules = {
    declared,
    open,
    aging: [...declared.values()].some((rule) => rule.validForMs !== Infinity),
    find(key, subject) {
      const rule = declared.get(key);
      if (rule !== undefined) return rule;
      if (!open) throw failure('STATE_TYPE', `${subject} sets "${key}", which state.schema does not declare${helpWith(key, declared)}`);
      if (!key.isWellFormed())
        throw failure('STATE_TYPE', `${subject} sets a key with half of a surrogate pair, which no backend can keep`);
      return ANY_KEY;
    },
  };
  prepared.set(plan, rules);
  return rules;
}

function helpWith(key: string, declared: ReadonlyMap<string, KeyRule>): string {
  const keys = [...declared.keys()];
  const near = suggest(key, keys);
  if (near !== undefined) return `. Did you mean "${near}"?`;
  return keys.length === 0 ? '. It declares no keys' : `. It declares ${keys.join(', ')}`;
}

function buildRule(plan: StateKeyPlan): KeyRule {
  return {
    ...ruleOf(plan.reducer),
    validForMs: plan.validForMs ?? Infinity,
    secret: plan.secret,
    default: plan.default,
    check: buildCheck(plan.schema, plan.secret),
  };
}

function ruleOf(reducer: StateKeyPlan['reducer']): Pick<KeyRule, 'reducerName' | 'reducer' | 'replaces'> {
  if (typeof reducer === 'string') return { reducerName: reducer, reducer: REDUCERS[reducer], replaces: reducer === 'replace' };
  return { reducerName: reducer.expression.source, reducer: buildAuthorReducer(reducer.expression), replaces: false };
}

type Check = KeyRule['check'];

const PLAIN_TYPES: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Keywords that say nothing about the value: a schema of one type and these is checked without the library. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'type',
  'description',
  'title',
  'default',
  'examples',
  '$comment',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

function buildCheck(schema: JsonSchema, secret: boolean): Check {
  const { type } = schema;
  const plain = Object.keys(schema).every((keyword) => ANNOTATIONS.has(keyword));
  if (plain && type === undefined) return () => undefined;
  const fits = plain && typeof type === 'string' && Object.hasOwn(PLAIN_TYPES, type) ? PLAIN_TYPES[type] : undefined;
  if (secret) return buildSecretCheck(schema, fits);
  if (fits !== undefined) return (value) => (fits(value) ? undefined : `: expected ${type}, found ${describeValue(value)}`);
  return (value) => {
    const problems = checkSchema(schema, value);
    if (problems.length === 0) return undefined;
    // A path begins with a name (`items[2].name`) or an index (`[2]`); after the key it reads like an expression.
    const text = renderProblems(problems);
    return problems[0]?.path ? `, at ${text}` : `: ${text}`;
  };
}

/** A refused secret was never held by the state, so nobody could redact it: the message does not show it. */
function buildSecretCheck(schema: JsonSchema, fits: ((value: JsonValue) => boolean) | undefined): Check {
  const holds = fits ?? ((value: JsonValue) => checkSchema(schema, value).length === 0);
  const expected = describeSchema(schema);
  const problem = `: ${expected === '' ? 'does not match its schema' : `expected ${expected}`} (the value is secret and not shown)`;
  return (value) => (holds(value) ? undefined : problem);
}

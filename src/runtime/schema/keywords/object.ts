import type { Checking } from '../checking.ts';
import { isRecord, type Judge, type Keyword, type KeywordContext } from './keyword.ts';

/** Characters of a name that patterns are tried on. */
const MAX_NAME = 1_000;

type ObjectJudge = (value: Readonly<Record<string, unknown>>, ...rest: Tail) => boolean;
type Tail = Parameters<Judge> extends [unknown, ...infer Rest] ? Rest : never;

const ofObjects =
  (prepare: (limit: unknown, context: KeywordContext) => ObjectJudge): Keyword =>
  (limit, context) => {
    const judge = prepare(limit, context);
    return (value, at, by, checking, judged) => !isRecord(value) || judge(value, at, by, checking, judged);
  };

/** Goes on after a fault only where all of them are wanted. */
function every<Item>(items: Iterable<Item>, checking: Checking, holds: (item: Item) => boolean): boolean {
  let all = true;
  for (const item of items) {
    if (holds(item)) continue;
    if (checking.faults === undefined || checking.isFull) return false;
    all = false;
  }
  return all;
}

/** Each field on its own: `keyword` says of which schema. What does not satisfy it is judged all the same. */
function judgeField(
  judge: Judge,
  keyword: string,
  name: string,
  ...[value, at, by, checking, judged, below]: [...Parameters<ObjectJudge>, string]
) {
  judged?.add(name);
  const mark = checking.begin(keyword, at, by);
  return checking.end(mark, judge(value[name], checking.below(at, name), below, checking, undefined));
}

const dependentRequired: Keyword = ofObjects((limit) => {
  const entries = Object.entries(limit as Readonly<Record<string, readonly string[]>>);
  return (value, at, by, checking) =>
    every(
      entries.filter(([name]) => Object.hasOwn(value, name)),
      checking,
      ([name, needed]) =>
        every(
          needed,
          checking,
          (other) =>
            Object.hasOwn(value, other) ||
            checking.fault('dependentRequired', at, by, `Instance has "${name}" but does not have "${other}".`),
        ),
    );
});

const dependentSchemas = (keyword: string): Keyword =>
  ofObjects((limit, { judgeOf }) => {
    const entries = Object.entries(limit as object).map(([name, schema]) => [name, judgeOf(schema)] as const);
    return (value, at, by, checking, judged) =>
      every(
        entries.filter(([name]) => Object.hasOwn(value, name)),
        checking,
        ([name, judge]) => {
          const mark = checking.begin(keyword, at, by);
          return checking.end(mark, judge(value, at, checking.below(by, keyword, name), checking, judged));
        },
      );
  });

/** What drafts before 2019 wrote for both of them. */
const dependencies: Keyword = (limit, context) => {
  const [lists, schemas] = [true, false].map((isList) =>
    Object.fromEntries(Object.entries(limit as object).filter(([, needed]) => Array.isArray(needed) === isList)),
  );
  const judges = [dependentRequired(lists, context), dependentSchemas('dependencies')(schemas, context)];
  return (value, at, by, checking, judged) => every(judges, checking, (judge) => judge(value, at, by, checking, judged));
};

export const OBJECT_KEYWORDS: Readonly<Record<string, Keyword>> = {
  required: ofObjects((limit) => {
    const names = [...(limit as Iterable<string>)];
    return (value, at, by, checking) =>
      every(
        names,
        checking,
        (name) => Object.hasOwn(value, name) || checking.fault('required', at, by, `Instance does not have required property "${name}".`),
      );
  }),
  minProperties: ofObjects(
    (limit) => (value, at, by, checking) => Object.keys(value).length >= (limit as number) || checking.fault('minProperties', at, by),
  ),
  maxProperties: ofObjects(
    (limit) => (value, at, by, checking) => Object.keys(value).length <= (limit as number) || checking.fault('maxProperties', at, by),
  ),
  propertyNames: ofObjects((limit, { judgeOf }) => {
    const judge = judgeOf(limit);
    return (value, at, by, checking) =>
      every(Object.keys(value), checking, (name) => {
        const mark = checking.begin('propertyNames', at, by, `Property name "${name}" does not match schema.`);
        return checking.end(mark, judge(name, checking.below(at, name), checking.below(by, 'propertyNames'), checking, undefined));
      });
  }),
  dependentRequired,
  dependentSchemas: dependentSchemas('dependentSchemas'),
  dependencies,
  properties: ofObjects((limit, { judgeOf }) => {
    const entries = Object.entries(limit as object).map(([name, schema]) => [name, judgeOf(schema)] as const);
    return (value, at, by, checking, judged) =>
      every(
        entries,
        checking,
        ([name, judge]) =>
          !Object.hasOwn(value, name) ||
          judgeField(judge, 'properties', name, value, at, by, checking, judged, checking.below(by, 'properties', name)),
      );
  }),
  patternProperties: ofObjects((limit, { judgeOf }) => {
    const entries = Object.entries(limit as object).map(([text, schema]) => [text, new RegExp(text, 'u'), judgeOf(schema)] as const);
    return (value, at, by, checking, judged) =>
      every(entries, checking, ([text, pattern, judge]) =>
        every(Object.keys(value), checking, (name) => {
          checking.spend(1);
          if (name.length > MAX_NAME)
            throw new Error(`a name of ${name.length} characters is too long to be held against \`patternProperties\``);
          if (!pattern.test(name)) return true;
          return judgeField(
            judge,
            'patternProperties',
            name,
            value,
            at,
            by,
            checking,
            judged,
            checking.below(by, 'patternProperties', text),
          );
        }),
      );
  }),
  /** Of the fields that neither `properties` nor `patternProperties` beside it name. */
  additionalProperties: ofObjects((limit, { schema, judgeOf }) => {
    const judge = judgeOf(limit);
    const names = new Set(namesIn(schema, 'properties'));
    const patterns = namesIn(schema, 'patternProperties').map((text) => new RegExp(text, 'u'));
    return (value, at, by, checking, judged) =>
      every(
        Object.keys(value).filter((name) => !names.has(name) && !patterns.some((pattern) => pattern.test(name))),
        checking,
        (name) =>
          judgeField(judge, 'additionalProperties', name, value, at, by, checking, judged, checking.below(by, 'additionalProperties')),
      );
  }),
};

function namesIn(schema: object, keyword: string): readonly string[] {
  return Object.hasOwn(schema, keyword) ? Object.keys(Object(Reflect.get(schema, keyword))) : [];
}

/** Comes after all others: of the fields that none of them has judged. */
export const unevaluatedProperties: Keyword = ofObjects((limit, { judgeOf }) => {
  const judge = judgeOf(limit);
  return (value, at, by, checking, judged) =>
    every(
      Object.keys(value).filter((name) => judged?.has(name) !== true),
      checking,
      (name) =>
        judgeField(judge, 'unevaluatedProperties', name, value, at, by, checking, judged, checking.below(by, 'unevaluatedProperties')),
    );
});

import { dereference, type OutputUnit, type Schema, ucs2length } from '@cfworker/json-schema';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { Checking, type Judged } from './checking.ts';
import type { Judge, Keyword } from './keywords/keyword.ts';
import { LIST_KEYWORDS, unevaluatedItems } from './keywords/list.ts';
import { LOGIC_KEYWORDS } from './keywords/logic.ts';
import { OBJECT_KEYWORDS, unevaluatedProperties } from './keywords/object.ts';
import { NUMBER_KEYWORDS, TEXT_KEYWORDS, VALUE_KEYWORDS } from './keywords/value.ts';

/** In the order in which faults are told. */
const KEYWORDS: readonly (readonly [name: string, keyword: Keyword])[] = Object.entries({
  ...{ $ref: LOGIC_KEYWORDS.$ref as Keyword },
  ...VALUE_KEYWORDS,
  ...LOGIC_KEYWORDS,
  ...OBJECT_KEYWORDS,
  ...LIST_KEYWORDS,
  ...NUMBER_KEYWORDS,
  ...TEXT_KEYWORDS,
  unevaluatedProperties,
  unevaluatedItems,
});

export interface PreparedSchema {
  /** Ends with the first fault. */
  isSatisfied(value: JsonValue): boolean;
  /** Every fault (the first 10,000), parents first. */
  faults(value: JsonValue): readonly OutputUnit[];
}

/**
 * Prepares a schema (draft 2020-12) for checking. Throws for one that cannot be used: a broken pattern, a keyword with a value that it does not take; a `$ref` to nowhere throws when it
 * is met. Names and formats are the library's, how values are judged is not: the library compares each item with each for `uniqueItems` and follows every alternative to its end.
 */
export function prepareSchema(given: JsonSchema): PreparedSchema {
  // The library writes marks into the schema, and ours is frozen: it gets its own copy.
  const schema = structuredClone(given) as Schema;
  const named = dereference(schema);
  const judges = new Map<unknown, Judge>();
  const hasUnevaluated = JSON.stringify(schema).includes('"unevaluated');

  /** A schema is prepared when it is first met: it may lead back to itself. */
  function judgeOf(part: unknown): Judge {
    if (part === true) return () => true;
    if (part === false) return refuse;
    let judge = judges.get(part);
    if (judge === undefined) {
      let prepared: Judge | undefined;
      judge = (...all) => {
        prepared ??= prepare(part as object);
        return prepared(...all);
      };
      judges.set(part, judge);
    }
    return judge;
  }

  function prepare(part: object): Judge {
    const context = { schema: part, judgeOf, resolve: (from: object) => resolve(named, from) };
    const found: Judge[] = [];
    for (const [name, keyword] of KEYWORDS) if (Object.hasOwn(part, name)) found.push(keyword(Reflect.get(part, name), context));
    const longest: unknown = Reflect.get(part, 'maxLength');
    return (value, at, by, checking, judged) => {
      checking.spend(1);
      // Before all patterns, also those in `not` and `if`: nothing stops a regular expression that has begun.
      if (typeof longest === 'number' && typeof value === 'string' && isLonger(value, longest)) return checking.fault('maxLength', at, by);
      const own: Judged | undefined = hasUnevaluated && typeof value === 'object' && value !== null ? (judged ?? new Set()) : undefined;
      let isSatisfied = true;
      for (const judge of found) {
        if (judge(value, at, by, checking, own)) continue;
        if (checking.faults === undefined || checking.isFull) return false;
        isSatisfied = false;
      }
      return isSatisfied;
    };
  }

  const judge = judgeOf(schema);
  return {
    isSatisfied: (value) => judge(value, '#', '#', new Checking(value, undefined), undefined),
    faults(value) {
      const checking = new Checking(value, []);
      judge(value, '#', '#', checking, undefined);
      return checking.faults ?? [];
    },
  };
}

/** In characters, which are one unit or two. */
function isLonger(text: string, longest: number): boolean {
  return text.length > longest && (text.length > 2 * longest || ucs2length(text) > longest);
}

const refuse: Judge = (_value, at, _by, { faults }) => {
  faults?.push({ keyword: 'false', instanceLocation: at, keywordLocation: at, error: 'False boolean schema.' });
  return false;
};

function resolve(named: Readonly<Record<string, Schema | boolean>>, from: object): unknown {
  const reference = String(Reflect.get(from, '$ref'));
  const found = named[String(Reflect.get(from, '__absolute_ref__') ?? reference)];
  if (found === undefined) throw new Error(`Unresolved $ref "${reference}".`);
  return found;
}

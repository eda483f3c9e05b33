import { canonicalJson } from '../../../program/hash.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { Judge, Keyword, KeywordContext } from './keyword.ts';

type ListJudge = (value: readonly unknown[], ...rest: Tail) => boolean;
type Tail = Parameters<Judge> extends [unknown, ...infer Rest] ? Rest : never;

const ofLists =
  (prepare: (limit: unknown, context: KeywordContext) => ListJudge): Keyword =>
  (limit, context) => {
    const judge = prepare(limit, context);
    return (value, at, by, checking, judged) => !Array.isArray(value) || judge(value, at, by, checking, judged);
  };

/** The items from `start` on, each by the schema that `judgeOf` gives for it; undefined passes it over. */
function judgeItems(
  keyword: string,
  [start, end]: readonly [start: number, end: number],
  judgeOf: (index: number) => Judge | undefined,
  isByIndex: boolean,
  ...[value, at, by, checking, judged]: Parameters<ListJudge>
): boolean {
  let all = true;
  for (let index = start; index < end; index++) {
    const judge = judgeOf(index);
    if (judge === undefined) continue;
    judged?.add(String(index));
    const mark = checking.begin(keyword, at, by);
    const below = isByIndex ? checking.below(by, keyword, index) : checking.below(by, keyword);
    if (checking.end(mark, judge(value[index], checking.below(at, index), below, checking, undefined))) continue;
    if (checking.faults === undefined || checking.isFull) return false;
    all = false;
  }
  return all;
}

const byIndex =
  (keyword: string) =>
  (limit: unknown, { judgeOf }: KeywordContext): ListJudge => {
    const judges = (limit as readonly unknown[]).map(judgeOf);
    return (value, ...rest) =>
      judgeItems(keyword, [0, Math.min(judges.length, value.length)], (index) => judges[index], true, value, ...rest);
  };

const fromStart =
  (keyword: string, start: number) =>
  (limit: unknown, { judgeOf }: KeywordContext): ListJudge => {
    const judge = judgeOf(limit);
    return (value, ...rest) => judgeItems(keyword, [start, value.length], () => judge, false, value, ...rest);
  };

export const LIST_KEYWORDS: Readonly<Record<string, Keyword>> = {
  minItems: ofLists((limit) => (value, at, by, checking) => value.length >= (limit as number) || checking.fault('minItems', at, by)),
  maxItems: ofLists((limit) => (value, at, by, checking) => value.length <= (limit as number) || checking.fault('maxItems', at, by)),
  prefixItems: ofLists(byIndex('prefixItems')),
  /** Of the items after those of `prefixItems`; a list of schemas is what earlier drafts wrote for `prefixItems`. */
  items: ofLists((limit, context) =>
    Array.isArray(limit) ? byIndex('items')(limit, context) : fromStart('items', lengthOf(context.schema, 'prefixItems'))(limit, context),
  ),
  additionalItems: ofLists((limit, context) => {
    const start = lengthOf(context.schema, 'items');
    return start === 0 ? () => true : fromStart('additionalItems', start)(limit, context);
  }),
  contains: ofLists((limit, { schema, judgeOf }) => {
    const judge = judgeOf(limit);
    const least = numberIn(schema, 'minContains');
    const most = numberIn(schema, 'maxContains');
    return (value, at, by, checking, judged) => {
      const mark = checking.begin('contains', at, by);
      let found = 0;
      for (const [index, item] of value.entries()) {
        if (!judge(item, at, by, checking, undefined)) continue;
        found += 1;
        judged?.add(String(index));
      }
      checking.end(mark, true);
      if (least === undefined) {
        if (found === 0) return checking.fault('contains', at, by);
      } else if (found < least) {
        const error = `Array must contain at least ${least} items matching schema. Only ${found} items were found.`;
        return checking.fault('minContains', at, by, error);
      }
      if (most === undefined || found <= most) return true;
      return checking.fault('maxContains', at, by, `Array may contain at most ${most} items matching schema. ${found} items were found.`);
    };
  }),
  /** By their text with sorted keys, not each with each: that takes seconds for 50 kB of numbers. */
  uniqueItems: ofLists((limit) => (value, at, by, checking) => {
    if (limit !== true) return true;
    const seen = new Set<string>();
    for (const item of value) {
      const text = canonicalJson(item as JsonValue);
      checking.spend(1 + (text.length >> 10));
      if (seen.has(text)) return checking.fault('uniqueItems', at, by);
      seen.add(text);
    }
    return true;
  }),
};

function lengthOf(schema: object, keyword: string): number {
  const limit = Object.hasOwn(schema, keyword) ? Reflect.get(schema, keyword) : undefined;
  return Array.isArray(limit) ? limit.length : 0;
}

function numberIn(schema: object, keyword: string): number | undefined {
  const limit = Object.hasOwn(schema, keyword) ? Reflect.get(schema, keyword) : undefined;
  return typeof limit === 'number' ? limit : undefined;
}

/** Comes after all others: of the items that none of them has judged. */
export const unevaluatedItems: Keyword = ofLists((limit, { judgeOf }) => {
  const judge = judgeOf(limit);
  return (value, at, by, checking, judged) =>
    judgeItems(
      'unevaluatedItems',
      [0, value.length],
      (index) => (judged?.has(String(index)) ? undefined : judge),
      false,
      value,
      at,
      by,
      checking,
      judged,
    );
});

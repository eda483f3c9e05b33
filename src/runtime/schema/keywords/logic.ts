import type { Checking, Judged } from '../checking.ts';
import type { Judge, Keyword, KeywordContext } from './keyword.ts';

/** Keywords that judge the same value by other schemas. What a schema that is satisfied has judged counts for the one around it. */
export const LOGIC_KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: (_limit, context) => {
    const judge = context.judgeOf(context.resolve(context.schema));
    return (value, at, by, checking, judged) => {
      const mark = checking.begin('$ref', at, by);
      return checking.end(mark, judge(value, at, checking.below(by, '$ref'), checking, judged));
    };
  },
  $dynamicRef: refuseReference('$dynamicRef'),
  $recursiveRef: refuseReference('$recursiveRef'),
  not: (limit, { judgeOf }) => {
    const judge = judgeOf(limit);
    return (value, at, by, checking) => {
      const mark = checking.begin('not', at, by);
      const isSatisfied = judge(value, at, checking.below(by, 'not'), checking, undefined);
      checking.end(mark, true);
      return !isSatisfied || checking.fault('not', at, by);
    };
  },
  anyOf: (limit, context) => {
    const judges = judgesOf(limit, context);
    return (value, at, by, checking, judged) => {
      const mark = checking.begin('anyOf', at, by);
      let isSatisfied = false;
      for (const [index, judge] of judges.entries()) {
        isSatisfied = judgeApart(judge, value, at, checking.below(by, 'anyOf', index), checking, judged) || isSatisfied;
        // The others may still say what they have judged.
        if (isSatisfied && judged === undefined) break;
      }
      return checking.end(mark, isSatisfied);
    };
  },
  allOf: (limit, context) => {
    const judges = judgesOf(limit, context);
    return (value, at, by, checking, judged) => {
      const mark = checking.begin('allOf', at, by);
      let isSatisfied = true;
      for (const [index, judge] of judges.entries()) {
        isSatisfied = judgeApart(judge, value, at, checking.below(by, 'allOf', index), checking, judged) && isSatisfied;
        if (!isSatisfied && checking.faults === undefined) break;
      }
      return checking.end(mark, isSatisfied);
    };
  },
  oneOf: (limit, context) => {
    const judges = judgesOf(limit, context);
    return (value, at, by, checking, judged) => {
      const mark = checking.begin('oneOf', at, by);
      let matches = 0;
      for (const [index, judge] of judges.entries()) {
        if (judgeApart(judge, value, at, checking.below(by, 'oneOf', index), checking, judged)) matches += 1;
      }
      const fault = checking.faults?.[mark];
      if (fault !== undefined) fault.error = `Instance does not match exactly one subschema (${matches} matches).`;
      return checking.end(mark, matches === 1);
    };
  },
  if: (limit, { schema, judgeOf }) => {
    const test = judgeOf(limit);
    const branches = { then: judgeOf(ownOr(schema, 'then')), else: judgeOf(ownOr(schema, 'else')) };
    return (value, at, by, checking, judged) => {
      const tried = checking.begin('if', at, by);
      const branch = judgeApart(test, value, at, checking.below(by, 'if'), checking, judged) ? 'then' : 'else';
      checking.end(tried, true);
      const mark = checking.begin('if', at, by);
      return checking.end(mark, branches[branch](value, at, checking.below(by, branch), checking, judged));
    };
  },
};

/** What these lead to depends on the way that led to them, which nobody follows here: a value that nobody looks at must not pass as one that fits. */
function refuseReference(keyword: string): Keyword {
  return () => {
    throw new Error(`the schema uses "${keyword}", which is not supported; use "$ref"`);
  };
}

function judgesOf(limit: unknown, { judgeOf }: KeywordContext): readonly Judge[] {
  return (limit as readonly unknown[]).map(judgeOf);
}

function ownOr(schema: object, keyword: string): unknown {
  return Object.hasOwn(schema, keyword) ? Reflect.get(schema, keyword) : true;
}

/** Judges by one of several schemas: what it has judged counts only when it is satisfied. */
function judgeApart(judge: Judge, value: unknown, at: string, by: string, checking: Checking, judged: Judged | undefined): boolean {
  if (judged === undefined) return judge(value, at, by, checking, undefined);
  const own: Judged = new Set();
  if (!judge(value, at, by, checking, own)) return false;
  for (const name of own) judged.add(name);
  return true;
}

import type { JsonSchema } from '../../program/json.ts';
import type { Reducer } from '../../program/program.ts';
import { Fields } from '../model/fields.ts';
import { formOf } from '../model/schema-places.ts';
import type { Check } from './check.ts';

/** The types of what a reducer makes of two values (src/runtime/state/reducers.ts); `replace` takes any. */
const RESULTS: Readonly<Record<Exclude<Reducer, 'replace'>, readonly string[]>> = {
  append: ['array'],
  union: ['array'],
  merge: ['object'],
  add: ['number', 'integer'],
  min: ['number', 'integer', 'string'],
  max: ['number', 'integer', 'string'],
};

/** What a reducer makes must fit the type of its key: `append` on a number fails with the first value that is set. */
export const reducerType: Check = {
  codes: ['reducer-type'],
  check({ model }, findings) {
    for (const { name, schema, reducer } of model.state.schema?.values() ?? []) {
      if (reducer === 'replace' || typeof reducer !== 'string') continue;
      const types = typesOf(schema);
      const results = RESULTS[reducer];
      if (types === undefined || types.some((type) => results.includes(type))) continue;
      const span = new Fields(formOf(schema)).entry('reducer')?.value.span ?? name.span;
      const wanted = results.filter((type) => type !== 'integer').join(' or ');
      findings.report(
        'reducer-type',
        span,
        `\`${reducer}\` makes a value of the type ${wanted}, and "${name.text}" takes ${types.join(' or ')}`,
        {
          help: `change the type to ${wanted}, or the reducer${suggestion(types)}`,
        },
      );
    }
  },
};

function typesOf({ type }: JsonSchema): readonly string[] | undefined {
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((name) => typeof name === 'string') : undefined;
}

function suggestion(types: readonly string[]): string {
  const fitting = Object.entries(RESULTS).flatMap(([reducer, results]) => (types.some((type) => results.includes(type)) ? [reducer] : []));
  return `: ${['replace', ...fitting].join(', ')}`;
}

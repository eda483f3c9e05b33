import type { JsonSchema } from '../../program/json.ts';
import { listSchemaNodes, placeOf } from '../model/schema-places.ts';
import type { Check } from './check.ts';
import { findMisfit, shortJson } from './schema-fit.ts';

const MAX_LOOKS_BEYOND = 50;

/** A missing input takes its `default`, and is then checked like a given one: a default that its schema refuses fails every run that relies on it. */
export const inputDefaultType: Check = {
  codes: ['input-default-type'],
  check({ model }, findings) {
    if (model.input === undefined) return;
    const { $defs, definitions } = model.input;
    const definesParts = $defs !== undefined || definitions !== undefined;
    let looksBeyond = 0;
    for (const node of listSchemaNodes(model.input, model.span)) {
      const { schema } = node;
      if (!Object.hasOwn(schema, 'default') || schema.default === undefined) continue;
      // A part that refers to the definitions of the whole is checked together with them, which may be many.
      const refers = definesParts && JSON.stringify(schema).includes('"$ref"');
      if (refers && ++looksBeyond > MAX_LOOKS_BEYOND) continue;
      const misfit = findMisfit(refers ? withDefinitions(schema, model.input) : schema, schema.default);
      // Fields that a default lacks may have defaults of their own.
      if (misfit === undefined || misfit.keyword === 'required') continue;
      findings.report('input-default-type', placeOf(node, 'default'), `this default ${misfit.says}: ${shortJson(schema.default)}`, {
        help: misfit.keyword === 'type' ? 'change the default or the type' : 'change the default or the schema',
      });
    }
  },
};

function withDefinitions(schema: JsonSchema, { $defs, definitions }: JsonSchema): JsonSchema {
  return { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema };
}

import type { JsonSchema } from '../../program/json.ts';
import { listSchemaNodes, placeOf } from '../model/schema-places.ts';
import type { Check } from './check.ts';
import { findMisfit, shortJson } from './schema-fit.ts';

/** A missing input takes its `default`, and is then checked like a given one: a default that its schema refuses fails every run that relies on it. */
export const inputDefaultType: Check = {
  codes: ['input-default-type'],
  check({ model }, findings) {
    if (model.input === undefined) return;
    for (const node of listSchemaNodes(model.input, model.span)) {
      const { schema } = node;
      if (!Object.hasOwn(schema, 'default') || schema.default === undefined) continue;
      const misfit = findMisfit(withDefinitions(schema, model.input), schema.default);
      // Fields that a default lacks may have defaults of their own.
      if (misfit === undefined || misfit.keyword === 'required') continue;
      findings.report('input-default-type', placeOf(node, 'default'), `this default ${misfit.says}: ${shortJson(schema.default)}`, {
        help: misfit.keyword === 'type' ? 'change the default or the type' : 'change the default or the schema',
      });
    }
  },
};

/** A part of a schema may refer to the definitions of the whole. */
function withDefinitions(schema: JsonSchema, { $defs, definitions }: JsonSchema): JsonSchema {
  return { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema };
}

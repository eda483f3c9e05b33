import type { JsonSchema } from '../../program/json.ts';
import type { ParsedAgent } from '../model/parsed-body.ts';
import { formOf } from '../model/schema-places.ts';
import type { Check } from './check.ts';
import { findMisfit } from './schema-fit.ts';

/** What an agent returns is checked against its `schema.output`; no output at all satisfies none. */
export const outputSchemaNeverMet: Check = {
  codes: ['output-schema-never-met'],
  check(body, findings) {
    for (const agent of body.agents) {
      const { name, outputSchema } = agent.model;
      const problem = outputSchema && problemOf(agent, outputSchema);
      if (problem === undefined) continue;
      const span = formOf(outputSchema)?.span ?? name.span;
      findings.report('output-schema-never-met', span, `"${name.text}" always fails: it has a \`schema.output\`, and ${problem}`, {
        help: 'take the `schema` out',
      });
    }
  },
};

function problemOf({ model: { work }, code }: ParsedAgent, schema: JsonSchema): string | undefined {
  if (code?.type === 'inline') return code.body.returns.type === 'nothing' ? 'its code returns nothing' : undefined;
  if (work.type !== 'operation') return undefined;
  if (work.operation.text === 'log') return '`log` has no output';
  // An assertion that holds hands back true.
  return work.operation.text === 'assert' && findMisfit(schema, true) !== undefined ? '`assert` gives true' : undefined;
}

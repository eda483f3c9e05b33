import { withoutUndefined } from '../types/union.ts';
import type { Check } from './check.ts';
import { type GivenInput, givenField, givenInputs } from './types/given-inputs.ts';

/** A file that an agent runs refuses to start without a field that it requires. */
export const missingInput: Check = {
  codes: ['missing-input'],
  check(_, findings, { types }) {
    for (const given of givenInputs(types)) {
      for (const name of given.required) {
        if (!isMissing(given, name)) continue;
        const { written, span, agent } = given;
        findings.report(
          'missing-input',
          writtenSpan(written) ?? span,
          `"${agent.model.name.text}" is not given the input "${name}", which ${fileOf(given)} requires`,
          {
            help:
              written?.kind === 'mapping' && written.entries.length > 0
                ? `add \`${name}: …\` to its \`input\``
                : `write \`input: { ${name}: … }\``,
          },
        );
      }
    }
  },
};

function isMissing({ type, written }: GivenInput, name: string): boolean {
  const field = givenField(type, name);
  if (field === undefined) return false;
  // What an expression gives may be undefined; only what is always so is surely missing.
  return field === null || (written !== undefined && withoutUndefined(field.type).kind === 'never');
}

function writtenSpan(written: GivenInput['written']): GivenInput['span'] | undefined {
  return written?.kind === 'mapping' && written.entries.length > 0 ? written.entries[0]?.key.span : written?.span;
}

function fileOf({ callee }: GivenInput): string {
  return callee.body.model.file;
}

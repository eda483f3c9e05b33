import { Validator } from '@cfworker/json-schema';
import type { Check } from './check.ts';

/** The `default` of a state key must itself satisfy the key's schema. */
export const stateDefaultType: Check = {
  codes: ['state-default-type'],
  check({ model }, findings) {
    for (const key of model.state.schema?.values() ?? []) {
      if (key.default === undefined) continue;
      const { value, span } = key.default;
      // A schema that the library cannot read (a remote $ref) is not this rule's to report.
      if (satisfies(key.schema, value) !== false) continue;
      const wanted = typeof key.schema.type === 'string' ? `is no ${key.schema.type}` : 'does not satisfy its schema';
      findings.report('state-default-type', span, `the default of "${key.name.text}" ${wanted}: ${shorten(JSON.stringify(value))}`, {
        help: 'change the default or the type',
      });
    }
  },
};

function satisfies(schema: object, value: unknown): boolean | undefined {
  try {
    return new Validator(schema, '2020-12', true).validate(value).valid;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

import type { Check } from './check.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** A cron brings nothing along but its own `input`: a field that the ensemble requires, and that is not there, lets every run fail before it begins. */
export const missingCronInput: Check = {
  codes: ['missing-input'],
  check(body, findings) {
    const schema = body.model.input;
    if (typeof schema !== 'object' || !Array.isArray(schema.required)) return;
    for (const { type, fields } of settingsOfTriggers(body, 'cron')) {
      const given = fields.value('input');
      // What an expression or a shape check is for may hold anything.
      if (given !== undefined && given.kind !== 'mapping') continue;
      const names = new Set(given?.entries.map(({ key }) => key.text));
      const missing = schema.required.filter(
        (name): name is string => typeof name === 'string' && !names.has(name) && !hasDefault(schema, name),
      );
      for (const name of missing) {
        findings.report(
          'missing-input',
          given?.span ?? type.span,
          `the cron does not give the input "${name}", which the ensemble requires`,
          {
            help: given === undefined ? `write \`input: { ${name}: … }\`` : `add \`${name}: …\` to its \`input\``,
          },
        );
      }
    }
  },
};

function hasDefault({ properties }: { readonly properties?: unknown }, name: string): boolean {
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name)) return false;
  const property: unknown = Reflect.get(properties, name);
  return typeof property === 'object' && property !== null && Object.hasOwn(property, 'default');
}

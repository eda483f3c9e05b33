import type { Template } from '../../program/expression.ts';
import type { Located } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { ParsedAgent } from '../model/parsed-body.ts';
import { isAssignable } from '../types/assignable.ts';
import { typeOfTemplate } from '../types/template-type.ts';
import { withoutNullish } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeExactly } from './types/describe-type.ts';
import { SETTING_TYPES, type SettingType } from './types/setting-types.ts';

/** An operation refuses a setting of the wrong type when it runs. What is written out the shape check has looked at; this is about what expressions give. */
export const wrongConfigType: Check = {
  codes: ['wrong-config-type'],
  check(body, findings, { types }) {
    for (const agent of body.agents) {
      const { model, config } = agent;
      if (config?.template.type !== 'mapping' || config.diagnostics.length > 0) continue;
      const settings = settingsOf(agent);
      if (settings === undefined) continue;
      const environment = types.workEnvironment(agent);
      const fields = new Fields(model.config);
      for (const { key, value } of config.template.entries) {
        const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
        const written = fields.entry(key)?.value;
        if (setting === undefined || written === undefined || !isComputed(value)) continue;
        const type = typeOfTemplate(value, environment);
        // A value that is null or missing is a setting left out.
        const given = withoutNullish(type);
        if (given.kind === 'unknown' || given.kind === 'never' || isAssignable(given, setting.type) !== 'no') continue;
        findings.report(
          'wrong-config-type',
          written.span,
          `\`${key}\` of "${model.name.text}" is ${describeExactly(given)}, and it takes ${setting.takes}`,
        );
      }
    }
  },
};

/** Lists and mappings that hold expressions are what their author wrote; only one expression as a whole gives a type. */
function isComputed(value: Template): boolean {
  return value.type === 'hole' || value.type === 'text';
}

function settingsOf({ model }: ParsedAgent): Readonly<Record<string, SettingType>> | undefined {
  const { work, config } = model;
  if (work.type !== 'operation') return undefined;
  const operation = work.operation.text;
  if (operation === 'storage') return storeSettings(config);
  return Object.hasOwn(SETTING_TYPES, operation) ? SETTING_TYPES[operation] : undefined;
}

function storeSettings(config: Located | undefined): Readonly<Record<string, SettingType>> | undefined {
  const store = `storage ${new Fields(config).text('type')}`;
  return Object.hasOwn(SETTING_TYPES, store) ? SETTING_TYPES[store] : undefined;
}

import type { Template } from '../../../program/expression.ts';

/** The entry of a config, itself a template. */
export function settingOf(config: Template | undefined, key: string): Template | undefined {
  if (config?.type === 'mapping') return config.entries.find((entry) => entry.key === key)?.value;
  if (config?.type !== 'constant') return undefined;
  const { value } = config;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
  const found = (value as { readonly [name: string]: typeof value })[key];
  return found === undefined ? undefined : { type: 'constant', value: found };
}

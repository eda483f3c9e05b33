import packageJson from '../../package.json' with { type: 'json' };
import type { RuleName } from './rules.ts';

/** Where people can read the rule's section of docs/rules.md; undefined as long as the package names no place where it is published. */
export function rulePageUrl(name: RuleName): string | undefined {
  const { homepage } = packageJson as { readonly homepage?: string };
  return homepage === undefined ? undefined : `${homepage.replace(/#.*$/, '').replace(/\/$/, '')}/blob/main/docs/rules.md#${name}`;
}

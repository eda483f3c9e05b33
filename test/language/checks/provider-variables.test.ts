import { expect, test } from 'vitest';
import { PROVIDER_VARIABLES } from '../../../src/language/checks/settings/provider-variables.ts';
import { PROVIDERS, type ProviderInfo } from '../../../src/runtime/operations/think/providers.ts';

test('the variables that a provider cannot do without are those that the operation reads', () => {
  const needed = Object.entries<ProviderInfo>(PROVIDERS).map(([name, { needsKey, keyVariable, baseURL, baseURLVariable }]) => {
    const key = needsKey ? keyVariable : undefined;
    const address = baseURL === undefined ? baseURLVariable : undefined;
    return [name, { ...(key && { key }), ...(address && { baseURL: address }) }] as const;
  });
  expect(Object.fromEntries(needed.filter(([, variables]) => Object.keys(variables).length > 0))).toEqual(PROVIDER_VARIABLES);
});

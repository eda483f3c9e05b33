/** The variables that a `think` agent reads where its config does not give their values. */
export interface ProviderVariables {
  /** The API key, of providers that answer nobody without one. */
  readonly key?: string;
  /** The address of the server, where there is no usual one. */
  readonly baseURL?: string;
}

/** As the operation reads them (src/runtime/operations/think/providers.ts; a test compares the two). */
export const PROVIDER_VARIABLES: Readonly<Record<string, ProviderVariables>> = {
  openai: { key: 'OPENAI_API_KEY' },
  anthropic: { key: 'ANTHROPIC_API_KEY' },
  'openai-compatible': { baseURL: 'OPENAI_COMPATIBLE_BASE_URL' },
};

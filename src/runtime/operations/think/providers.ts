/** What an author needs to know to reach a provider: where its key and its address come from. Data only; the SDKs load with the first call. */
export interface ProviderInfo {
  /** The variable that holds the API key. */
  readonly keyVariable?: string;
  /** False where servers without a key are common (a model on one's own machine). */
  readonly needsKey: boolean;
  /** The variable that overrides the address, and the address without either. */
  readonly baseURLVariable?: string;
  readonly baseURL?: string;
}

export const PROVIDERS = {
  /** Through the chat-completions API: it is what proxies and gateways in front of OpenAI understand. */
  openai: { keyVariable: 'OPENAI_API_KEY', needsKey: true, baseURLVariable: 'OPENAI_BASE_URL', baseURL: 'https://api.openai.com/v1' },
  anthropic: {
    keyVariable: 'ANTHROPIC_API_KEY',
    needsKey: true,
    baseURLVariable: 'ANTHROPIC_BASE_URL',
    baseURL: 'https://api.anthropic.com/v1',
  },
  /** Through the Worker's `AI` binding: no key, no address. */
  'workers-ai': { needsKey: false },
  'openai-compatible': { keyVariable: 'OPENAI_COMPATIBLE_API_KEY', needsKey: false, baseURLVariable: 'OPENAI_COMPATIBLE_BASE_URL' },
} as const satisfies Readonly<Record<string, ProviderInfo>>;

export type ProviderName = keyof typeof PROVIDERS;
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[];

import type { ProviderName } from './providers.ts';

/** USD per million tokens: input, output. */
type Price = readonly [input: number, output: number];

/**
 * List prices of the providers' pages (developers.openai.com/api/docs/pricing, platform.claude.com/docs/en/about-claude/pricing), as of October 2026; older models at the last price they
 * were listed with. Discounts for cached prompts and batches are not counted, so a cost is an upper bound, which is what `limits.max_cost_usd` needs. A model that
 * is not listed has no cost rather than a guessed one.
 */
const PRICES: Readonly<Partial<Record<ProviderName, Readonly<Record<string, Price>>>>> = {
  openai: {
    'gpt-5.5': [5, 30],
    'gpt-5.4': [2.5, 15],
    'gpt-5.4-mini': [0.75, 4.5],
    'gpt-5.4-nano': [0.2, 1.25],
    'gpt-5.1': [1.25, 10],
    'gpt-5': [1.25, 10],
    'gpt-5-mini': [0.25, 2],
    'gpt-5-nano': [0.05, 0.4],
    'gpt-5-pro': [15, 120],
    'gpt-4.1': [2, 8],
    'gpt-4.1-mini': [0.4, 1.6],
    'gpt-4.1-nano': [0.1, 0.4],
    'gpt-4o': [2.5, 10],
    'gpt-4o-mini': [0.15, 0.6],
    'gpt-3.5-turbo': [0.5, 1.5],
    o3: [2, 8],
    'o3-mini': [1.1, 4.4],
    'o4-mini': [1.1, 4.4],
  },
  anthropic: {
    'claude-opus-4-7': [5, 25],
    'claude-opus-4-6': [5, 25],
    'claude-opus-4-5': [5, 25],
    'claude-opus-4-1': [15, 75],
    'claude-opus-4-0': [15, 75],
    'claude-opus-4': [15, 75],
    'claude-sonnet-5': [2, 10],
    'claude-sonnet-4-6': [3, 15],
    'claude-sonnet-4-5': [3, 15],
    'claude-sonnet-4-0': [3, 15],
    'claude-sonnet-4': [3, 15],
    'claude-3-7-sonnet': [3, 15],
    'claude-3-5-sonnet': [3, 15],
    'claude-haiku-4-5': [1, 5],
    'claude-3-5-haiku': [0.8, 4],
    'claude-3-haiku': [0.25, 1.25],
  },
};

/** A dated or moving name of the same model: `gpt-4o-2024-08-06`, `claude-sonnet-4-5-20250929`, `claude-3-5-haiku-latest`. */
const VERSION_SUFFIX = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/** The cost in USD of a call; undefined when the model's price is not known. */
export function costOf(provider: ProviderName, model: string, inputTokens: number, outputTokens: number): number | undefined {
  const prices = PRICES[provider];
  const name = prices !== undefined && Object.hasOwn(prices, model) ? model : model.replace(VERSION_SUFFIX, '');
  const price = prices !== undefined && Object.hasOwn(prices, name) ? prices[name] : undefined;
  if (price === undefined) return undefined;
  // Whole micro-cents: sums of costs then show no binary dust.
  return Math.round((inputTokens * price[0] + outputTokens * price[1]) * 100) / 100_000_000;
}

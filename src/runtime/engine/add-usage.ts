import type { Usage } from '../../program/run-event.ts';

/** The sum of two; a price that is not known counts as nothing. */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  const tokens = {
    input_tokens: (sum?.input_tokens ?? 0) + usage.input_tokens,
    output_tokens: (sum?.output_tokens ?? 0) + usage.output_tokens,
  };
  if (sum?.cost_usd === undefined && usage.cost_usd === undefined) return tokens;
  return { ...tokens, cost_usd: (sum?.cost_usd ?? 0) + (usage.cost_usd ?? 0) };
}

/** What came to `before`, which is a part of it. */
export function usageSince(usage: Usage, before: Usage | undefined): Usage {
  const tokens = {
    input_tokens: usage.input_tokens - (before?.input_tokens ?? 0),
    output_tokens: usage.output_tokens - (before?.output_tokens ?? 0),
  };
  return usage.cost_usd === undefined ? tokens : { ...tokens, cost_usd: usage.cost_usd - (before?.cost_usd ?? 0) };
}

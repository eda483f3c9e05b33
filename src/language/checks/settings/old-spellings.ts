/** Old spelling of a key → the one of today, by the mapping in which it stands. Both mean the same (LANGUAGE §2). */
export const OLD_KEYS = {
  agent: { when: 'condition', on_error: 'onError' },
  flowEntry: { when: 'condition' },
  retry: {
    attempts: 'maxAttempts',
    max_attempts: 'maxAttempts',
    initial_delay: 'initialDelay',
    max_delay: 'maxDelay',
    retry_on: 'retryOn',
  },
  think: { max_tokens: 'maxTokens' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Old names of what an agent leaves behind, and what to write instead; the values differ, so that nothing can be replaced by itself. */
export const OLD_RESULTS: Readonly<Record<string, string>> = {
  retry_count: '`attempts` counts the first try too: `retry_count` is `attempts - 1`',
};

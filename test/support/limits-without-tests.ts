/**
 * The constants of the code that are called like limits and have no test on either side of their figure, by the reason. Whoever adds a limit writes its tests (at-limit.ts); it belongs here only when nothing
 * is refused, cut or lost where it is met, or when its figure is a matter of taste.
 */
export const LIMITS_WITHOUT_TESTS: Readonly<Record<string, readonly string[]>> = {
  'the least width of what is drawn: a narrower terminal, or a shorter time, is drawn as if it had it': [
    'src/cli/show/draw-run.ts LEAST_COLUMN',
    'src/cli/show/show-details.ts LEAST_COLUMNS',
  ],
  'what is remembered of an answer that is worked out again when it is not': ['src/language/checks/cron/cron-problem.ts MAX_KNOWN_PARTS'],
  'steps of a search, of which no text takes exactly so many': ['src/language/expression/regex-ambiguity.ts MAX_STEPS'],
  'what is proposed or told, and is no limit of ours': [
    'src/node/deploy/checks/rate-limit.ts LIMIT',
    'src/worker/triggers/http/cors.ts MAX_AGE_S',
  ],
  'what the cipher asks for': ['src/worker/sealer.ts NONCE_BYTES'],
};

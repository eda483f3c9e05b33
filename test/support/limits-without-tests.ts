/**
 * The constants of the code that are called like limits and have no test on either side of their figure, by the reason. Whoever adds a limit writes its tests (at-limit.ts); it belongs here only when nothing
 * is refused, cut or lost where it is met, or when its figure is a matter of taste.
 */
export const LIMITS_WITHOUT_TESTS: Readonly<Record<string, readonly string[]>> = {
  'how much of something is shown': [
    'src/cli/show/draw-run.ts LEAST_COLUMN',
    'src/cli/show/show-details.ts LEAST_COLUMNS',
  ],
  'pages, pieces, lines and buffers: what is larger takes several': [
    'src/worker/run-record.ts EVENTS_AT_ONCE',
  ],
  'what is kept to be quick, and how much is done side by side': [
    'src/language/checks/cron/cron-problem.ts MAX_KNOWN_PARTS',
  ],
  'how far guesses and searches go that only help: beyond it less is known': [
    'src/language/expression/regex-ambiguity.ts MAX_STEPS',
  ],
  'no limits at all: what is proposed, asked for or made': [
    'src/node/deploy/checks/queues.ts MAX_BATCH_SIZE',
    'src/node/deploy/checks/rate-limit.ts LIMIT',
    'src/worker/sealer.ts KEY_BYTES',
    'src/worker/sealer.ts NONCE_BYTES',
    'src/worker/triggers/http/cors.ts MAX_AGE_S',
  ],
};

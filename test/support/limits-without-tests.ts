/**
 * The constants of the code that are called like limits and have no test on either side of their figure, by the reason. Whoever adds a limit writes its tests (at-limit.ts); it belongs here only when nothing
 * is refused, cut or lost where it is met, or when its figure is a matter of taste.
 */
export const LIMITS_WITHOUT_TESTS: Readonly<Record<string, readonly string[]>> = {
  'how much of something is shown': [
    'src/cli/control/program-to-resume.ts MOST_CHANGES',
    'src/cli/remote/run-deployed.ts MOST_FIELDS',
    'src/cli/reporters/live.ts MOST_ROWS',
    'src/cli/run/item-recorder.ts MOST_FAILURES',
    'src/cli/show/draw-run.ts LEAST_COLUMN',
    'src/cli/show/show-details.ts LEAST_COLUMNS',
    'src/cli/state/show-scope-diff.ts MOST_MISSING',
    'src/language/checks/types/spell-node.ts MAX_LENGTH',
    'src/language/document/code-frame.ts MAX_WIDTH',
    'src/language/types/render-type.ts MAX_LENGTH',
    'src/language/types/render-type.ts MAX_PROPERTIES',
    'src/language/types/render-type.ts MAX_TEXT',
    'src/language/types/render-type.ts MAX_VALUES',
    'src/runtime/journal/run-digest.ts MOST_CHARACTERS',
    'src/runtime/operations/snippet.ts SNIPPET_LENGTH',
    'src/runtime/schema/describe.ts SHOWN_TEXT_LENGTH',
  ],
  'pages, pieces, lines and buffers: what is larger takes several': [
    'src/cli/trigger/compose-email.ts LINE_LENGTH',
    'src/cli/trigger/compose-email.ts WORD_BYTES',
    'src/worker/run-record.ts EVENTS_AT_ONCE',
    'src/worker/sql-journal.ts ROWS_AT_ONCE',
    'src/worker/sql-journal.ts ROW_LENGTH',
  ],
  'what is kept to be quick, and how much is done side by side': [
    'src/cli/validate/check-in-parallel.ts MAX_THREADS',
    'src/cli/validate/check-in-parallel.ts MIN_OF_A_THREAD',
    'src/language/build/dependencies/access-tracker.ts MAX_WAITS',
    'src/language/checks/cron/cron-problem.ts MAX_KNOWN_PARTS',
    'src/node/chunk-loader.ts MAX_AGE_S',
  ],
  'how far guesses and searches go that only help: beyond it less is known': [
    'src/cli/graph/svg.ts MAX_ROWS',
    'src/cli/graph/svg.ts MAX_ROWS_AT_FULL_EFFORT',
    'src/cli/run/shape-recorder.ts MAX_NAMES',
    'src/cli/run/shape-recorder.ts MAX_VALUES',
    'src/cli/run/shape-recorder.ts MAX_VALUES_EACH',
    'src/cli/validate/fix-source.ts MAX_ROUNDS',
    'src/language/expression/regex-ambiguity.ts MAX_STEPS',
  ],
  'no limits at all: what is proposed, asked for or made': [
    'src/node/deploy/checks/queues.ts MAX_BATCH_SIZE',
    'src/node/deploy/checks/rate-limit.ts LIMIT',
    'src/runtime/engine/cache/cache-store.ts MIN_TTL_SECONDS',
    'src/worker/sealer.ts KEY_BYTES',
    'src/worker/sealer.ts NONCE_BYTES',
    'src/worker/triggers/http/cors.ts MAX_AGE_S',
  ],
};

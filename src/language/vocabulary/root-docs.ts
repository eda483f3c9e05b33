import type { RootName } from '../../program/expression.ts';
import { doc, type NameDoc } from './name-doc.ts';

/** The roots of LANGUAGE §3.2. */
export const ROOT_DOCS: Readonly<Record<RootName, NameDoc>> = {
  input: doc(
    'input',
    'What the run was given, checked against the `input` of the file, with defaults filled in. Inside the `config` and code of an agent with an `input` of its own: that one.',
  ),
  state: doc('state', 'The shared state. An agent sees the keys that its `use` lists; `output`, `limits` and `trigger` see all of it.'),
  env: doc(
    'env',
    'Variables and secrets: `vars` of the wrangler configuration, `.dev.vars`, `--var NAME=value`. Values of secrets are redacted wherever a run shows them.',
  ),
  run: doc('run', 'This run: `id`, `ensemble`, `started_at`, `attempt`.'),
  trigger: doc('trigger', 'What started a deployed run: its `type` and the facts that this type brings along. Values from it are tainted.'),
  item: doc('item', 'The item that a `loop`, `foreach` or `map` is at.'),
  index: doc('index', 'The position of `item`, from 0.'),
  loop: doc('loop', 'The loop around: `loop.item` and `loop.index`.'),
  error: doc('error', 'Why a step failed, in the agents of `onError` and `catch`.'),
  mapResults: doc('mapResults', 'What `map` made of each item, in the order of the items, in the `reduce` of a `map-reduce`.'),
};

/** The fields of `run`. */
export const RUN_DOCS = {
  id: doc('run.id', 'The id of the run.'),
  ensemble: doc('run.ensemble', 'The name of the ensemble.'),
  started_at: doc('run.started_at', 'When the run began, in milliseconds since 1970.'),
  attempt: doc('run.attempt', 'How often the run was begun: 1, and one more each time it was resumed.'),
} as const satisfies Readonly<Record<string, NameDoc>>;

/** The fields of `loop`. */
export const LOOP_DOCS = {
  item: doc('loop.item', 'The same as `item`.'),
  index: doc('loop.index', 'The same as `index`: from 0.'),
} as const satisfies Readonly<Record<string, NameDoc>>;

/** What an agent leaves behind (LANGUAGE §2.1). */
export const RESULT_DOCS = {
  output: doc('.output', 'The result of the agent; undefined when it was skipped or failed.'),
  executed: doc('.executed', 'Whether the agent ran.'),
  skipped: doc('.skipped', 'Whether its condition was falsy.'),
  success: doc('.success', 'Whether it ran and succeeded. Reading it handles a failure: the run goes on.'),
  failed: doc('.failed', 'Whether it failed. Reading it handles a failure: the run goes on.'),
  error: doc('.error', 'The message of its failure, or undefined. Reading it handles a failure: the run goes on.'),
  failure: doc('.failure', '`{ code, message, attempt }` of its failure, or undefined. Reading it handles a failure: the run goes on.'),
  cached: doc('.cached', 'Whether the output came from the cache.'),
  duration: doc('.duration', 'How long it took, in milliseconds.'),
  attempts: doc('.attempts', 'How often it was tried.'),
  retry_count: doc('.retry_count', '`attempts` − 1.'),
  outputs: doc('.outputs', 'The outputs of all items of its `loop`, in their order.'),
  tainted: doc('.tainted', 'Whether the output was made from what came from outside: http, think, tools, email or the trigger.'),
  response: doc('.response', '`{ status, ok, headers, url }` of an http agent.'),
  usage: doc('.usage', '`{ input_tokens, output_tokens, cost_usd }` of a think agent.'),
  model: doc('.model', 'The model that answered a think agent.'),
  logs: doc('.logs', 'What a code agent wrote to `console`.'),
} as const satisfies Readonly<Record<string, NameDoc>>;
export type ResultField = keyof typeof RESULT_DOCS;

/** Result fields that only some operations have. */
export const RESULT_FIELD_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['response', 'http'],
  ['usage', 'think'],
  ['model', 'think'],
  ['logs', 'code'],
]);

/**
 * How a local host (`node/`) and the worker (`worker/`) talk: names both sides must spell alike. The host sends a program and a request,
 * the worker answers with the run's events as NDJSON. Only a host that knows the token gets an answer; a deployed Worker has no token and
 * these routes do not exist there.
 */
export const HOST_ROUTES = {
  /** POST `{program, request}`: answers with the run's events as NDJSON, ending after `run.finished`; 409 when the run exists. */
  run: '/__ensemble/run',
  /** POST to `call/<name>`: what `HostCalls` lists. 404 for a name that is not there, 501 for one that this host does not serve. */
  call: '/__ensemble/call/',
  /**
   * GET `?run=<id>&from=<seq>&follow=1`: what is in the run's journal from `seq` on, as NDJSON; 404 when there is no such run. With `follow` it goes on with what comes, until `run.finished`.
   */
  events: '/__ensemble/events',
  /** GET `?run=<id>`: the program that the run has now, as JSON; 404 when there is no such run. */
  program: '/__ensemble/program',
  /** GET: 204, and nothing else is done: the worker's thread is free. */
  ping: '/__ensemble/ping',
} as const;
export const HOST_TOKEN_HEADER = 'x-ensemble-host-token';

/** Bindings and variables that the worker expects in its environment. */
export const WORKER_BINDINGS = {
  runs: 'ENSEMBLE_RUNS',
  states: 'ENSEMBLE_STATES',
  index: 'ENSEMBLE_INDEX',
  scopes: 'ENSEMBLE_SCOPES',
  loader: 'ENSEMBLE_LOADER',
  /** JSON text `{kv: [names], d1: [names], r2: [names]}` in the order of the configuration. */
  bindings: 'ENSEMBLE_BINDINGS',
  /** JSON text: the names of variables that are secrets. */
  secrets: 'ENSEMBLE_SECRETS',
  hostToken: 'ENSEMBLE_HOST_TOKEN',
  /** Base64 of 32 bytes: what resumed runs need of secrets lies sealed with it. Without it they go on with what events show. */
  sealKey: 'ENSEMBLE_SEAL_KEY',
  /** JSON text `[{run, agent, failure}]`: the attempts that the host ended with the runtime before this one, and what they fail with once they are resumed. */
  verdicts: 'ENSEMBLE_VERDICTS',
  /** Known to the host and the worker alone: begins the lines in which the worker tells what its watchdog must know (`CodeMarks`). */
  watchSecret: 'ENSEMBLE_WATCH_SECRET',
  /** Present when the runtime before this one was ended for a code body that could not be told from others: bodies of resumed runs begin one at a time. */
  careful: 'ENSEMBLE_CAREFUL',
  ai: 'AI',
  /** Only a deployed Worker has what follows. */
  claims: 'ENSEMBLE_CLAIMS',
  workflow: 'ENSEMBLE_WORKFLOW',
  /** Secret, JSON text `[{name, key | sha256, scopes}]`: who may use the HTTP API. */
  apiKeys: 'ENSEMBLE_API_KEYS',
  /** A rate limit binding of the platform: each key and each caller of a trigger is counted by itself. */
  rateLimit: 'ENSEMBLE_RATE_LIMIT',
  /** How many objects the index of runs is spread over; default 1. */
  indexShards: 'ENSEMBLE_INDEX_SHARDS',
  /** Hosts, separated by commas, that `http` may reach although their addresses are private. */
  privateHosts: 'ENSEMBLE_PRIVATE_HOSTS',
} as const;
export const WORKER_CLASSES = {
  runs: 'RunObject',
  states: 'StateObject',
  index: 'RunIndex',
  scopes: 'ScopeIndex',
  claims: 'ClaimObject',
  workflow: 'EnsembleWorkflow',
} as const;

/** The runtime behaviour that the worker is written and tested for, wherever it runs. A deployed one needs `DEPLOYED_FLAGS` as well: its code agents may run beside it. */
export const WORKER_COMPATIBILITY = { date: '2026-07-01', flags: [] as readonly string[] } as const;
export const DEPLOYED_FLAGS: readonly string[] = ['nodejs_als'];

import type { RunSummary } from '../../program/host-calls.ts';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunStatistics } from '../../program/run-statistics.ts';
import type { StateReply } from '../../program/state-calls.ts';
import { checkSchema } from '../../runtime/schema/check-schema.ts';
import { RemoteProblem } from './remote-problem.ts';

/** What the API says of one ensemble, as far as starting it needs it. */
export interface DeployedEnsemble {
  readonly id: string;
  readonly input?: JsonSchema;
}

interface Replies {
  readonly ensemble: DeployedEnsemble;
  readonly ensembles: { readonly ensembles: readonly DeployedEnsemble[] };
  readonly started: { readonly run: string };
  readonly runs: { readonly runs: readonly RunSummary[]; readonly next_cursor?: string };
  /** Its `format` may be another one. */
  readonly program: Program;
  readonly statistics: RunStatistics;
  readonly state: StateReply;
}

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
/** Within what dates can be made of. */
const TIME = { type: 'integer', minimum: 0, maximum: 8_640_000_000_000_000 } as const;
const RUN = { type: 'string', pattern: '^[0-9a-z]{26}$' } as const;
const ENSEMBLE = { type: 'object', properties: { id: TEXT, input: { type: ['object', 'boolean'] } }, required: ['id'] } as const;

const WAITING = {
  type: 'object',
  properties: { agent: TEXT, reason: { enum: ['approval', 'signal', 'time'] }, until: TIME, prompt: TEXT, signal: TEXT },
  required: ['agent', 'reason'],
} as const;

const SUMMARY = {
  type: 'object',
  properties: {
    run: RUN,
    ensemble: TEXT,
    file: TEXT,
    status: { enum: ['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled'] },
    started_at: TIME,
    duration_ms: COUNT,
    last_event_at: TIME,
    agent: TEXT,
    failure: { type: 'object', properties: { code: TEXT, message: TEXT }, required: ['code', 'message'] },
    waiting: { type: 'array', items: WAITING },
  },
  required: ['run', 'ensemble', 'status', 'started_at', 'last_event_at'],
} as const;

/** What is relied on where replies are shown; they may say more. */
const SCHEMAS: { readonly [Name in keyof Replies]: unknown } = {
  ensemble: ENSEMBLE,
  ensembles: { type: 'object', properties: { ensembles: { type: 'array', items: ENSEMBLE } }, required: ['ensembles'] },
  started: { type: 'object', properties: { run: RUN }, required: ['run'] },
  runs: { type: 'object', properties: { runs: { type: 'array', items: SUMMARY }, next_cursor: TEXT }, required: ['runs'] },
  program: {
    type: 'object',
    properties: {
      format: COUNT,
      ensemble: TEXT,
      file: TEXT,
      body: { type: 'object' },
      files: { type: 'object' },
      modules: { type: 'object' },
    },
    required: ['format'],
  },
  statistics: { type: 'object', properties: { ensembles: { type: 'array', items: { type: 'object' } } }, required: ['ensembles'] },
  state: { type: 'object', properties: { type: TEXT, message: TEXT }, required: ['type'] },
};

/**
 * What the Worker at `origin` answered, when it is what this version expects there.
 * @throws RemoteProblem
 */
export function readReply<Name extends keyof Replies>(name: Name, value: unknown, origin: string): Replies[Name] {
  const [problem] = checkSchema(SCHEMAS[name] as JsonSchema, value as JsonValue);
  if (problem === undefined) return value as Replies[Name];
  throw new RemoteProblem(
    `${origin} answered with something that this version of ensemble does not understand: ${`${problem.path} ${problem.message}`.trim()}`,
  );
}

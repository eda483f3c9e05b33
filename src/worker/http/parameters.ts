import { parseDuration } from '../../program/duration.ts';
import { isRunId } from '../../program/run-id.ts';
import type { LastingBackend } from '../../program/state-calls.ts';
import { parseTime } from '../../program/time.ts';
import type { Parameter } from './routes/route.ts';

/** How long a request may wait for a run. */
const MAX_WAIT_MS = 60_000;
export const MAX_PAGE = 500;
const MAX_NAME = 1_024;

const EVENT_NUMBER = /^\d{1,15}$/;

/** The text as it is. */
export function text(description: string, maxLength = MAX_NAME): Parameter<string> {
  return {
    schema: { type: 'string', minLength: 1, maxLength },
    description,
    read: (given) => (given !== '' && given.length <= maxLength && given.isWellFormed() ? given : undefined),
  };
}

export function oneOf<const Name extends string>(names: readonly Name[], description: string): Parameter<Name> {
  return { schema: { type: 'string', enum: [...names] }, description, read: (given) => names.find((name) => name === given) };
}

/** In any order, each once. */
export function someOf<const Name extends string>(names: readonly Name[], description: string): Parameter<readonly Name[]> {
  return {
    schema: { type: 'array', items: { type: 'string', enum: [...names] }, minItems: 1, uniqueItems: true },
    description,
    isList: true,
    read: (given) => {
      const found = given.split(',').map((name) => names.find((known) => known === name.trim()));
      return found.every((name) => name !== undefined) ? [...new Set(found)] : undefined;
    },
  };
}

export function number(
  description: string,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Parameter<number> {
  return {
    schema: { type: 'integer', minimum, maximum },
    description,
    read: (given) => {
      const value = EVENT_NUMBER.test(given) ? Number(given) : Number.NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/** `1` or `0`. */
export function flag(description: string): Parameter<boolean> {
  return { schema: { type: 'string', enum: ['0', '1'] }, description, read: (given) => (/^[01]$/.test(given) ? given === '1' : undefined) };
}

export function moment(description: string): Parameter<number> {
  return {
    schema: { type: 'string', examples: ['2026-11-21', '2026-11-21T16:00Z', '1795276800000'] },
    description: `${description} A time: ISO 8601 (UTC where it says nothing else), or epoch ms.`,
    read: parseTime,
  };
}

export const WAIT: Parameter<number> = {
  schema: { type: 'string', examples: ['30s'] },
  description: 'How long the answer may wait for the end of the run: a duration such as `30s` or `1m`, or milliseconds; at most 60 s.',
  read: (given) => {
    const ms = parseDuration(given);
    return ms !== undefined && ms <= MAX_WAIT_MS ? ms : undefined;
  },
};

export const RUN: Parameter<string> = {
  schema: { type: 'string', pattern: '^[0-9a-z]{26}$' },
  description: 'The id of a run.',
  read: (given) => (isRunId(given) ? given : undefined),
};

export const ENSEMBLE: Parameter<string> = {
  ...text('The id of an ensemble: the path of its file below `ensembles/`, without its ending. A `/` in it may be written as `%2F`.'),
  spans: true,
};

export const AGENT: Parameter<string> = {
  ...text('The path of an agent, as `waiting` of the run has it. A `/` in it may be written as `%2F`.'),
  spans: true,
};

const BACKENDS = ['kv', 'd1', 'durable-object'] as const satisfies readonly LastingBackend[];
export const BACKEND = oneOf(BACKENDS, 'Where the scope lies.');
export const BINDING = text('The KV namespace or the D1 database, by its binding; absent = the first of the configuration.', 128);
export const SCOPE = text('The name of a scope; every `/` in it as `%2F`.');

import type { Served } from '../../node/dev/dev-event.ts';
import { nextCron } from '../../program/cron/next-cron.ts';
import type { TriggerPlan } from '../../program/trigger.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

export interface DrawTableOptions {
  /** Epoch ms. */
  readonly now: number;
  /** Whether crons fire by time. */
  readonly cron: boolean;
}

/** What is served and how it is reached, with what a person needs to know at the start. */
export function drawServed(served: Served, options: DrawTableOptions & { readonly paint: Paint }): readonly string[] {
  const { url, provided, key } = served;
  return [
    `Serving ${options.paint.bold(url)}`,
    '',
    ...drawTable(served, options),
    '',
    ...(provided.length === 0
      ? []
      : [
          `Provided here though no wrangler configuration has it: ${harmlessLine(provided.join(', '))}; "ensemble doctor --fix" writes it.`,
        ]),
    ...(key === undefined ? [] : keyLines(url, key)),
    'Watching for changes; Ctrl-C ends.',
  ];
}

/** The API, then each trigger. */
export function drawTable({ url, manifest: { ensembles } }: Served, options: DrawTableOptions): readonly string[] {
  const rows = [
    ['api', `${url}/api/v1`, count(ensembles.length, 'ensemble')],
    ...ensembles.flatMap(({ id, triggers }) => triggers.map((trigger) => rowOf(trigger, id, url, options))),
  ];
  return alignColumns(rows.map((row) => row.map(harmlessLine))).map((row) => `  ${row}`);
}

function keyLines(url: string, key: string): readonly string[] {
  return [
    '.dev.vars has no ENSEMBLE_API_KEYS; until this ends, this key is good:',
    `  curl -H 'authorization: Bearer ${key}' ${url}/api/v1/ensembles`,
  ];
}

function rowOf(trigger: TriggerPlan, id: string, url: string, options: DrawTableOptions): readonly string[] {
  switch (trigger.type) {
    case 'http':
      return ['http', `${trigger.methods.join(',')} ${url}${trigger.path}`, id, guardOf(trigger)];
    case 'webhook':
      return ['webhook', `POST ${url}${trigger.path}`, id, guardOf(trigger)];
    case 'cron': {
      const zone = trigger.timezone === 'UTC' ? '' : ` (${trigger.timezone})`;
      return ['cron', `${trigger.cron}${zone}`, id, options.cron ? nextOf(trigger, options.now) : 'by command'];
    }
    case 'queue':
      return ['queue', trigger.queue, id, trigger.batchSize === 1 ? '' : `up to ${trigger.batchSize} messages a run`];
    case 'email':
      return ['email', trigger.addresses.join(', '), id, guardOf(trigger)];
    default:
      return trigger satisfies never;
  }
}

function guardOf(trigger: Extract<TriggerPlan, { readonly public: boolean }>): string {
  return trigger.auth === undefined ? 'public' : trigger.auth.type;
}

function nextOf(trigger: Extract<TriggerPlan, { type: 'cron' }>, now: number): string {
  const next = nextCron(trigger, now);
  return next === undefined ? 'never' : `next ${new Date(next).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

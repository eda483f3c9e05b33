import type { Expression, Template } from '../../../../src/program/expression.ts';
import type { JsonValue } from '../../../../src/program/json.ts';
import type { Program } from '../../../../src/program/program.ts';
import { prepareTemplate } from '../../../../src/runtime/engine/evaluate.ts';
import { runProgram } from '../../../../src/runtime/engine/run-program.ts';
import { MemoryJournal } from '../../../../src/runtime/journal/memory-journal.ts';
import { OPERATIONS } from '../../../../src/runtime/operations/index.ts';
import type { Operation } from '../../../../src/runtime/operations/operation.ts';
import type { Ports } from '../../../../src/runtime/ports.ts';
import { scopeBeforeRun } from '../../../../src/worker/scope-before-run.ts';
import { describeWorld, findStray } from './harm.ts';

/* Plain engine and plain JavaScript alone, so that it runs in Node and in workerd. */

/** A program in whose JSON each place says ATTACK, or ATTACK_ON_INCOMING, where the expression goes. */
export interface Target {
  readonly name: string;
  readonly json: string;
}

export interface Attack {
  readonly text: string;
  readonly expression: Expression;
  /** The same of what a reducer is given in place of an input. */
  readonly onIncoming: Expression;
}

export const ATTACK = '"@attack@"';
export const ATTACK_ON_INCOMING = '"@attack on incoming@"';
/** What came of an attack in each of the targets, in their order. */
export interface AttackedRuns {
  readonly runs: readonly AttackedRun[];
  /** What it left behind that no expression may. */
  readonly harm: readonly string[];
}

export interface AttackedRun {
  /** The places that were evaluated. */
  readonly reached: readonly number[];
  /** The journal as it is written, what the run and its triggers gave, and what reached the outside. */
  readonly journal: string;
}

/** Runs each program with the attack at all of its places. */
export async function runAttack(targets: readonly Target[], attack: Attack, input: JsonValue): Promise<AttackedRuns> {
  Object.assign(globalThis, { canary: 'asleep' });
  // Most attacks fail at most places, and nobody reads where.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const before = describeWorld();
  const data = JSON.stringify(input);
  const harm: string[] = [];
  const runs: AttackedRun[] = [];
  for (const target of targets) runs.push(await runTarget(target, attack, { input, harm }));
  const after = describeWorld();
  Error.stackTraceLimit = stackTraceLimit;
  // Whatever loads meanwhile may add to the global scope; tests of the attacks alone look at that.
  harm.push(...Object.keys(after).flatMap((name) => (name === 'global' || before[name] === after[name] ? [] : [`changes ${name}`])));
  if (Reflect.get(globalThis, 'canary') !== 'asleep') harm.push('wakes the canary');
  if ('polluted' in {}) harm.push('pollutes all objects');
  if (JSON.stringify(input) !== data) harm.push('changes what it reads');
  Reflect.deleteProperty(globalThis, 'canary');
  return { runs, harm };
}

async function runTarget(
  { name, json }: Target,
  { expression, onIncoming }: Attack,
  { input, harm }: { readonly input: JsonValue; readonly harm: string[] },
): Promise<AttackedRun> {
  const filled = json.replaceAll(ATTACK, () => JSON.stringify(expression)).replaceAll(ATTACK_ON_INCOMING, () => JSON.stringify(onIncoming));
  const program: Program = JSON.parse(filled);
  const reached = new Set<number>();
  const env = probedEnv(reached);
  const given: unknown[] = [];
  const journal = new MemoryJournal();
  const finished = await runProgram({
    program,
    programHash: 'hash',
    run: 'run-1',
    input,
    ports: portsOf(env, given),
    journal,
    signal: new AbortController().signal,
    operations: new Map([...OPERATIONS, ...['http', 'data', 'storage', 'think'].map((operation) => standIn(operation, given))]),
  });
  const triggers = program.triggers.map((plan) => evaluateBeforeRun(triggerTemplate(plan), env));
  const came = { events: journal.events, finished, triggers, given };
  const stray = findStray(came);
  if (stray !== undefined) harm.push(`${name}: ${stray}`);
  const text = JSON.stringify(came);
  if (text.includes('"code":"DEFECT"')) harm.push(`${name}: ends in a defect`);
  return { reached: [...reached], journal: text };
}

/** What stands at a place: `env.place7 || attack`. Reading the variable tells that the place is evaluated; it has no value, so what the attack gives is what the place has. */
export function probed(place: number, attack: string): string {
  const probe: Expression = { type: 'member', object: { type: 'root', name: 'env' }, property: `place${place}`, optional: false };
  return `{"type":"logical","operator":"||","left":${JSON.stringify(probe)},"right":${attack}}`;
}

function probedEnv(reached: Set<number>): Readonly<Record<string, string>> {
  const note = (key: string | symbol): undefined => {
    const [, place] = /^place(\d+)$/.exec(String(key)) ?? [];
    if (place !== undefined) reached.add(Number(place));
  };
  return new Proxy({}, { get: (_, key) => note(key), getOwnPropertyDescriptor: (_, key) => note(key) });
}

function portsOf(env: Readonly<Record<string, string>>, given: unknown[]): Ports {
  const kept = new Map<string, string>();
  return {
    clock: { now: () => 1_000, sleep: () => new Promise(() => {}) },
    random: () => 0.5,
    uuid: () => '00000000-0000-4000-8000-000000000000',
    fetch: () => Promise.reject(new Error('there is no network')),
    bindings: {
      kv: () => ({
        get: async (key) => kept.get(key) ?? null,
        getWithMetadata: async (key) => ({ value: kept.get(key) ?? null, metadata: null }),
        put: async (key, value) => void kept.set(key, value),
        delete: async (key) => void kept.delete(key),
        list: async () => ({ keys: [], list_complete: true }),
      }),
      d1: () => undefined,
      r2: () => undefined,
      names: () => [],
      ai: () => undefined,
    },
    code: {
      call: async (_, { holes }) => {
        given.push(holes);
        return { ok: true, value: holes[0], setState: undefined, logs: [] };
      },
    },
    env,
    secrets: [],
  };
}

function standIn(name: string, given: unknown[]): [string, Operation] {
  const run: Operation['run'] = (config) => {
    given.push(config);
    return { output: config };
  };
  return [name, { name, effect: true, taints: false, run }];
}

/** As triggers/cron.ts and auth/trigger-secret.ts do, before there is a run. */
function evaluateBeforeRun(template: Template | undefined, env: object): unknown {
  if (template === undefined) return undefined;
  try {
    const { clock, random, uuid } = portsOf({}, []);
    return prepareTemplate(template)({ ...scopeBeforeRun({}, { type: 'cron' }), env, now: () => clock.now(), random, uuid });
  } catch (error) {
    return error instanceof Error && 'failure' in error ? { failure: error.failure } : { code: 'DEFECT', message: String(error) };
  }
}

function triggerTemplate(plan: Program['triggers'][number]): Template | undefined {
  if (plan.type === 'cron') return plan.input;
  return plan.type === 'queue' ? undefined : plan.auth?.secret;
}

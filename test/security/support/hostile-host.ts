import runEventSchema from '../../../schemas/run-event.schema.json' with { type: 'json' };
import { REPLY_SCHEMAS } from '../../../src/node/remote/reply-schemas.ts';
import type { HostCalls } from '../../../src/program/host-calls.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import type { StateReply } from '../../../src/program/state-calls.ts';
import { createFakeHost, type FakeHost } from '../../cli/support/fake-host.ts';
import { programOf } from '../../cli/support/program-of.ts';
import { fillSchema } from './fill-schema.ts';

export const RUN = 'r'.repeat(26);
const NOW = 1_800_000_000_000;

const definitions = runEventSchema.$defs as Readonly<
  Record<string, { readonly properties?: { readonly type?: { readonly const: string } } }>
>;
const types = Object.keys(definitions).filter((name) => definitions[name]?.properties?.type !== undefined);

/** One event of every type there is, each text in it hostile: the run begins with the first, fails with the last, and is asked for an approval that nobody has answered. */
export function hostileEvents(text: string): readonly RunEvent[] {
  const middle = types.filter((type) => !['run.started', 'run.waiting', 'run.answered', 'run.finished', 'state.loaded'].includes(type));
  const fill = (type: string, seq: number) => ({
    ...(fillSchema(definitions[type], text, definitions) as RunEvent),
    ...{ seq, at: NOW + seq, run: RUN },
  });
  const events = ['run.started', 'state.loaded', ...middle, 'run.waiting'].map(fill);
  return [...events, { ...fill('run.finished', events.length), status: 'failed' } as RunEvent];
}

/** A program of an agent, a loop and state, whose names are hostile. */
export function hostileProgram(text: string): Program {
  const program = programOf(
    'ensemble: shop\nstate: { schema: { total: number } }\nagents:\n  - { name: fetch, operation: transform, config: { value: "${input.x}" } }\n  - { type: foreach, name: each, items: [1], steps: [{ name: inner, operation: log, config: { message: hello } }] }\n',
  );
  const json = ['shop', 'fetch', 'each', 'inner', 'total', 'ensembles/e.yaml'].reduce(
    (json, name) => json.replaceAll(JSON.stringify(name), JSON.stringify(text)),
    JSON.stringify(program),
  );
  return JSON.parse(json) as Program;
}

/** A host that answers whatever it is asked with hostile texts; `refuses`: with why it does not. */
export function hostileHost(text: string, refuses: boolean, over: boolean): FakeHost {
  const events = hostileEvents(text);
  const host = createFakeHost(events as never);
  const told = over ? events : events.slice(0, -1);
  host.recorded.set(RUN, {
    program: hostileProgram(text),
    events: (async function* () {
      yield* told;
    })(),
  });
  const reply = <Name extends keyof HostCalls>(name: keyof typeof REPLY_SCHEMAS) =>
    fillSchema(REPLY_SCHEMAS[name], text) as HostCalls[Name]['reply'];
  const outcome = () => (refuses ? ({ type: 'impossible', status: 'running', message: text } as const) : ({ type: 'done' } as const));
  host.replies = {
    cancel: outcome,
    pause: outcome,
    resume: outcome,
    signal: outcome,
    answer: () => (refuses ? { type: 'refused', approvers: [text] } : { type: 'taken' }),
    fork: () => (refuses ? { type: 'unknown-agent', agents: [text] } : { type: 'started' }),
    runs: () => reply<'runs'>('runs'),
    statistics: () => reply<'statistics'>('statistics'),
    alive: () => ({ working: [RUN], waiting: [RUN] }),
    forget: () => ({ forgotten: [RUN], objects: [] }),
    state: ({ action }): StateReply =>
      refuses && action !== 'find' ? { type: 'refused', message: text } : reply<'state'>(`state ${action}`),
  };
  return host;
}

import { main } from '../../../src/cli/main.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { numberEvents } from '../support/events.ts';
import { createFakeHost, type FakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../support/fake-io.ts';

export const RUN = 'r'.repeat(26);
export const OTHER = 's'.repeat(26);

/** A host that has these runs in its data, by id. */
export function hostWith(runs: Readonly<Record<string, readonly RunEvent[]>>, program?: Program): FakeHost {
  const host = createFakeHost([]);
  for (const [run, events] of Object.entries(runs)) {
    host.recorded.set(run, {
      ...(program === undefined ? {} : { program }),
      events: (async function* () {
        yield* events;
      })(),
    });
  }
  return host;
}

export interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly io: FakeIo;
  readonly host: FakeHost;
}

/** Runs a command line against recorded runs. */
export async function tell(args: readonly string[], host: FakeHost, options: FakeIoOptions = {}): Promise<Told> {
  const io = createFakeIo(options);
  const code = await main(args, io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, io, host };
}

/** The same against the one run `RUN` with this story. */
export function tellOf(story: readonly EventBody[], args: readonly string[], program?: Program): Promise<Told> {
  return tell(args, hostWith({ [RUN]: numberEvents(story) }, program));
}

export const stateLoaded = (values: Extract<EventBody, { type: 'state.loaded' }>['values'], agent?: string): EventBody => ({
  type: 'state.loaded',
  scope: 'shop',
  backend: 'memory',
  values,
  ...(agent === undefined ? {} : { agent }),
});

export const stateSet = (agent: string, values: Extract<EventBody, { type: 'state.set' }>['values']): EventBody => ({
  type: 'state.set',
  agent,
  values,
  writes: values,
  tainted: [],
});

export const EVIL = 'a\u001b[2J\u009b31m\u202e\u0007';
/** What a terminal must never be sent as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

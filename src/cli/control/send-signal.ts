import type { Template } from '../../program/expression.ts';
import { listAgents } from '../../program/list-agents.ts';
import type { Program } from '../../program/program.ts';
import { suggest } from '../../program/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readJsonOption } from '../read-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { UsageProblem } from '../usage-problem.ts';
import { checkOutcome } from './check-outcome.ts';
import { readRun } from './read-run.ts';
import { type TellOptions, tellDone } from './tell-done.ts';

/**
 * `ensemble signal`: sends a signal to a run. The agent that waits longest for that name goes on with it; when none does yet, it is kept for the first one.
 * @throws UsageProblem when there is no such run; ProjectProblem when it is over.
 */
export async function sendSignal(
  text: string,
  name: string,
  { data, ...options }: TellOptions & { readonly data?: string },
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  if (name === '') throw new UsageProblem('the name of a signal is not empty');
  const value = data === undefined ? {} : { data: await readJsonOption(data, '--data', io) };
  return withHost(io, openHost, async (host) => {
    const run = await findRun(text, host);
    // Before anything is sent: an unknown run is told by its own words.
    await readRun(host, run);
    checkOutcome(run, await host.call('signal', { run, name, ...value }), host);
    const program = await host.readProgram(run);
    const known = program === undefined ? undefined : signalsOf(program);
    const isKnown = known === undefined || known.includes(name);
    tellDone(isKnown ? `sent ${name} to ${run}` : unknownSignal(run, name, known), { run, signal: name, known: isKnown }, options, io);
    return EXIT.done;
  });
}

function unknownSignal(run: string, name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  const help = near === undefined ? '' : `; did you mean ${near}?`;
  return `sent ${name} to ${run}, but no agent of its ensemble waits for a signal of that name${help}`;
}

/** The names of signals that agents wait for; undefined when an expression makes one of them. */
function signalsOf(program: Program): readonly string[] | undefined {
  const names = [...listAgents(program)].flatMap(({ step: { action } }) =>
    action.type === 'operation' && action.operation === 'wait' ? [signalOf(action.config)] : [],
  );
  return names.includes(null) ? undefined : names.filter((name) => typeof name === 'string');
}

/** Null when it is known only at run time; undefined for a wait for something else. */
function signalOf(config: Template): string | null | undefined {
  if (config.type === 'constant') {
    const { value } = config;
    const name = typeof value === 'object' && value !== null && 'for_signal' in value ? value.for_signal : undefined;
    return name === undefined || name === null ? undefined : String(name);
  }
  if (config.type !== 'mapping') return null;
  const name = config.entries.find(({ key }) => key === 'for_signal')?.value;
  if (name === undefined) return undefined;
  return name.type === 'constant' ? String(name.value) : null;
}

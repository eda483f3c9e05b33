import { isDeepStrictEqual } from 'node:util';
import { compile } from '../../../src/language/compile.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Program } from '../../../src/program/program.ts';
import { runToEnd } from '../../runtime/engine/support/test-run.ts';
import { projectOf } from '../../security/expressions/support/project-of.ts';
import { CALLED } from './taint-flows.ts';

/** What a run says of a value, and whether that came from outside. */
interface Told {
  readonly value: unknown;
  readonly tainted: boolean;
}

export function programOfFlow(text: string): Program | string {
  const { program, diagnostics } = compile({ path: 'e.yaml', text }, projectOf(CALLED));
  return (
    program ??
    diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code}: ${message}`)
      .join('\n')
  );
}

/** What of runs that differ in what came from outside alone differs too, and is tainted in neither of two of them; undefined when nothing is. */
export async function findTaintFault(program: Program, outsides: readonly JsonValue[]): Promise<string | undefined> {
  const seen = new Map<string, unknown>();
  for (const outside of outsides) {
    for (const [what, { value, tainted }] of await toldBy(program, outside)) {
      if (tainted) continue;
      if (!seen.has(what)) seen.set(what, value);
      else if (!isDeepStrictEqual(seen.get(what), value))
        return `${what} is ${JSON.stringify(seen.get(what))} and ${JSON.stringify(value)}, and is said to come from inside`;
    }
  }
  return undefined;
}

async function toldBy(program: Program, outside: JsonValue): Promise<ReadonlyMap<string, Told>> {
  const { events } = await runToEnd(program, {
    input: { given: 'given' },
    http: () => ({ output: outside }),
    code: { call: async (_, { holes }) => ({ ok: true, value: holes[0], setState: undefined, logs: [] }) },
  });
  const told = new Map<string, Told>();
  for (const event of events) {
    if (event.type === 'agent.finished') told.set(`agent ${event.agent}`, { value: event.output, tainted: event.tainted });
    // Cut short by others: how far it had come is no value.
    else if ('stopped' in event || ('failure' in event && event.failure?.code === 'CANCELLED')) continue;
    else if (event.type === 'agent.failed') told.set(`agent ${event.agent}`, { value: { failure: event.failure }, tainted: event.tainted });
    else if (event.type === 'step.finished') told.set(`step ${event.step}`, { value: event.output, tainted: event.tainted });
    else if (event.type === 'step.failed') told.set(`step ${event.step}`, { value: { failure: event.failure }, tainted: event.tainted });
    else if (event.type === 'state.set') {
      for (const [key, value] of Object.entries(event.values))
        told.set(`${key} set by ${event.agent}`, { value, tainted: event.tainted.includes(key) });
    }
  }
  return told;
}

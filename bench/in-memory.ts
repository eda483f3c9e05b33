import type { JsonValue } from '../src/program/json.ts';
import type { Program } from '../src/program/program.ts';
import { runProgram } from '../src/runtime/engine/run-program.ts';
import type { Operation } from '../src/runtime/operations/operation.ts';
import type { Ports } from '../src/runtime/ports.ts';
import { SYSTEM_CLOCK } from '../src/runtime/system-clock.ts';
import { type Subject, sized } from './harness.ts';

const PORTS: Ports = {
  clock: SYSTEM_CLOCK,
  random: Math.random,
  uuid: () => crypto.randomUUID(),
  fetch,
  bindings: { kv: () => undefined, d1: () => undefined, r2: () => undefined, names: () => [], ai: () => undefined },
  code: { call: async () => ({ ok: true, value: undefined, setState: undefined, logs: [] }) },
  env: {},
  secrets: [],
};

/** Runs a program in this process, with `{x: 1}` as its input and a journal that forgets; gives its output. `operations` replaces those of the engine. */
export async function runInMemory(program: Program, operations?: ReadonlyMap<string, Operation>): Promise<JsonValue | undefined> {
  const { signal } = new AbortController();
  const end = await runProgram({
    program,
    programHash: '',
    run: 'r',
    input: { x: 1 },
    ports: PORTS,
    journal: { append: () => undefined },
    signal,
    ...(operations === undefined ? {} : { operations }),
  });
  if (end.status !== 'succeeded') throw new Error(JSON.stringify(end));
  return end.output;
}

/** µs for each of `count` things that one run does, over enough runs to be seen by a clock: `inAll` things. */
export function microsecondsEach(name: string, count: number, run: () => Promise<unknown>, inAll = 20_000): Subject {
  return {
    name,
    measure: async () => {
      const runs = Math.ceil(sized(inAll, 1) / count);
      const start = performance.now();
      for (let done = 0; done < runs; done += 1) await run();
      return ((performance.now() - start) * 1_000) / runs / count;
    },
  };
}

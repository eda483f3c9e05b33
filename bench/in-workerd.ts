import type { Program } from '../src/program/program.ts';
import type { RunEvent } from '../src/program/run-event.ts';
import type { RunHost } from '../test/worker/support/run-host.ts';
import type { Subject } from './harness.ts';

export interface InWorkerd {
  readonly host: RunHost;
  readonly program: Program;
  /** Things that one run does. */
  readonly count: number;
  readonly repeats?: number;
}

/** µs for each of them as the run itself measures its duration inside workerd, in one run of the real RunObject. */
export function microsecondsInWorkerd(name: string, { host, program, count, repeats = 1 }: InWorkerd): Subject {
  return {
    name,
    measure: async () => {
      let ms = 0;
      for (let done = 0; done < repeats; done += 1) {
        const last = (await host.run(program, { run: crypto.randomUUID(), input: { x: 1 } })).at(-1) as RunEvent;
        if (last.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last));
        ms += last.duration_ms;
      }
      return (ms * 1_000) / repeats / count;
    },
  };
}

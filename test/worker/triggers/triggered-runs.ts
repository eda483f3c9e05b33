import { expect } from 'vitest';
import type { HostCallName, HostCalls, RunSummary } from '../../../src/program/host-calls.ts';
import { HOST_ROUTES, HOST_TOKEN_HEADER } from '../../../src/program/host-protocol.ts';
import type { JsonObject } from '../../../src/program/json.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import type { DeployedWorker } from '../../support/deployed-worker.ts';

/** Goes into the variables of the Worker, so that a test can ask for its runs. */
export const HOST_TOKEN = 'the host token of the tests';

/** An ensemble that gives back what its run was started with, and fails when its input says so. `trigger` is one entry of its `trigger:`. */
export function echoEnsemble(name: string, trigger: string, more = ''): string {
  return `
ensemble: ${name}
${more}
agents:
  - name: all
    operation: transform
    config: { value: '\${input}' }
  - name: check
    operation: assert
    config: { that: '\${!input.fails}', message: it was to fail }
output: { input: '\${all.output}', trigger: '\${trigger}', tainted: '\${all.tainted}' }
trigger:
  - ${trigger}
`;
}

/** What a run of it hands back. */
export interface Echo {
  readonly input: JsonObject;
  readonly trigger: JsonObject;
  readonly tainted: boolean;
}

/** The runs of a Worker. */
export class TriggeredRuns {
  readonly #worker: DeployedWorker;

  constructor(worker: DeployedWorker) {
    this.#worker = worker;
  }

  /** The runs of an ensemble, oldest first. */
  async of(ensemble: string): Promise<readonly RunSummary[]> {
    return (await this.call('runs', { ensemble })).runs.toReversed();
  }

  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
    const response = await this.#ask(`${HOST_ROUTES.call}${name}`, { method: 'POST', body: JSON.stringify(ask) });
    return (await response.json()) as HostCalls[Name]['reply'];
  }

  /** All events of a run, once it is over. */
  async events({ run }: Pick<RunSummary, 'run'>): Promise<readonly RunEvent[]> {
    const text = await (await this.#ask(`${HOST_ROUTES.events}?run=${run}&follow=1`)).text();
    const lines = text.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  /** What the newest run of an ensemble handed back, once it is over. */
  async lastEcho(ensemble: string): Promise<Echo> {
    const run = (await this.of(ensemble)).at(-1);
    if (run === undefined) throw new Error(`${ensemble} was not started`);
    const last = (await this.events(run)).at(-1);
    if (last?.type !== 'run.finished') throw new Error('the run is not over');
    return last.output as unknown as Echo;
  }

  /** Asserts how many runs of an ensemble `action` starts, and gives back what it does. */
  async expectStarted<Result>(count: number, ensemble: string, action: () => Promise<Result>): Promise<Result> {
    const before = await this.of(ensemble);
    const result = await action();
    expect(`${(await this.of(ensemble)).length - before.length} of ${ensemble}`).toBe(`${count} of ${ensemble}`);
    return result;
  }

  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    return this.#worker.fetch(path, { ...init, headers: { [HOST_TOKEN_HEADER]: HOST_TOKEN } });
  }
}

import { dispose } from './dispose.ts';
import type { WorkflowParams } from './ensemble-workflow.ts';
import { instanceId } from './life.ts';

type Binding = Workflow<WorkflowParams>;
type Status = InstanceStatus['status'];

/** How often the platform is asked whether an instance has come to its pause, and for how long. */
const ASK_EVERY_MS = 20;
const ASK_FOR_MS = 20_000;

/** Of an instance that nothing wakes any more. */
export const OVER: ReadonlySet<Status> = new Set(['errored', 'terminated', 'complete']);

/** The instances of one run: the first has its id. Another takes its place when one is over and the run is not, or when the steps that it keeps are those of another program. */
export class Instances {
  readonly #binding: Binding;
  readonly #run: string;
  #number: number;

  /** `number`: how many came before. */
  constructor(binding: Binding, run: string, number: number) {
    this.#binding = binding;
    this.#run = run;
    this.#number = number;
  }

  get number(): number {
    return this.#number;
  }

  get id(): string {
    return instanceId(this.#run, this.#number);
  }

  /** Undefined when there is none yet. */
  async status(): Promise<Status | undefined> {
    try {
      return await this.#with(async (instance) => (await instance.status()).status);
    } catch {
      return undefined;
    }
  }

  /** The next instance takes the place of this one, which ends. */
  async replace(): Promise<void> {
    await this.terminate();
    this.#number += 1;
  }

  /** Without a word where it has ended already, or never was. */
  async terminate(): Promise<void> {
    await this.#with((instance) => instance.terminate()).catch(() => undefined);
  }

  async pause(): Promise<void> {
    await this.#with((instance) => instance.pause());
  }

  /**
   * Sees to it that the instance begins anew to run, whatever it is doing: one that a crash left for running is woken by a pause (locally the only thing that helps; deployed the platform would do
   * so by itself). What its steps gave is kept, and a step that is at work is waited for.
   */
  async wake(): Promise<void> {
    const status = await this.status();
    if (status === undefined) {
      dispose(await this.#binding.create({ id: this.id, params: { run: this.#run } }));
      return;
    }
    await this.#with(async (instance) => {
      // One that a crash left before it began to run cannot be paused; any event makes it go on.
      if (status === 'queued') await instance.sendEvent({ type: 'wake', payload: {} });
      else if (status === 'paused') await instance.resume();
      else if (!OVER.has(status)) {
        if (status !== 'waitingForPause') await instance.pause();
        if (await this.#isPaused()) await instance.resume();
      }
    });
  }

  async #with<Result>(use: (instance: WorkflowInstance) => Promise<Result>): Promise<Result> {
    const instance = await this.#binding.get(this.id);
    try {
      return await use(instance);
    } finally {
      dispose(instance);
    }
  }

  async #isPaused(): Promise<boolean> {
    for (const until = Date.now() + ASK_FOR_MS; Date.now() < until; ) {
      const status = await this.status();
      if (status === 'paused') return true;
      if (status !== 'waitingForPause') return false;
      await scheduler.wait(ASK_EVERY_MS);
    }
    return false;
  }
}

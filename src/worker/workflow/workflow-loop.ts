import type { Program } from '../../program/program.ts';
import type { LoopInbox, RunnerOfRun } from '../run-loop.ts';
import { dispose } from './dispose.ts';
import type { WorkflowParams } from './ensemble-workflow.ts';
import { Instances } from './instance.ts';
import type { LifeLink } from './life.ts';

/** How long a wish waits for an instance to come to life. */
const LINK_WITHIN_MS = 30_000;

export interface WorkflowLoopOptions {
  readonly binding: Workflow<WorkflowParams>;
  readonly run: string;
  readonly program: Program;
  /** How many instances the run had before its present one. */
  readonly instance: number;
  /** The run has another instance from now on. */
  onInstance(instance: number): void;
}

/** A link, as it came over RPC. */
interface HeldLink extends LifeLink {
  dup?(): HeldLink;
}

/**
 * The engine at work on one run in an instance of Cloudflare Workflows, as the object of the run sees it. One of the instance's lives at a time may write: the latest that asked for the run. The
 * object reaches that one by its link; where the link is broken (the platform put the instance away, the process ended) the instance is woken, and its next life brings a new one.
 */
export class WorkflowLoop implements RunnerOfRun {
  readonly program: Program;
  readonly done: Promise<void>;
  readonly inbox: LoopInbox = {
    answer: (agent, answer) => this.#ask((link) => link.answer(agent, answer)),
    signal: (name, data) => this.#ask((link) => link.signal(name, data)),
    pause: (reason) => this.#ask((link) => link.pause(reason)),
    continue: () => this.#ask((link) => link.continue()),
  };
  readonly #instances: Instances;
  readonly #onInstance: (instance: number) => void;
  readonly #end = Promise.withResolvers<void>();
  #link: HeldLink | undefined;
  #linked = Promise.withResolvers<HeldLink>();
  #waking: Promise<void> | undefined;
  #isOver = false;

  constructor({ binding, run, program, instance, onInstance }: WorkflowLoopOptions) {
    this.program = program;
    this.#instances = new Instances(binding, run, instance);
    this.#onInstance = onInstance;
    this.done = this.#end.promise;
    this.done.catch(() => undefined);
  }

  /** Resolves once the platform was asked for it. A failure is made good by `lookAfter`. */
  wake(): Promise<void> {
    this.#waking ??= this.#wake().finally(() => {
      this.#waking = undefined;
    });
    return this.#waking;
  }

  get isLinked(): boolean {
    return this.#link !== undefined;
  }

  attach(given: LifeLink): void {
    const link = given as HeldLink;
    this.detach();
    // What comes with a call is disposed of with it.
    this.#link = link.dup?.() ?? link;
    this.#linked.resolve(this.#link);
  }

  /** What there is of a link leads to a life that is over. */
  detach(link: HeldLink | undefined = this.#link): void {
    if (link === undefined || link !== this.#link) return;
    this.#link = undefined;
    this.#linked = Promise.withResolvers();
    dispose(link);
  }

  cancel(reason: string): void {
    // Who has no life yet gets to know with its next one.
    if (this.#link !== undefined) this.#ask((link) => link.cancel(reason)).catch(() => undefined);
  }

  /** Its steps are not to be taken over by whoever goes on with the run. */
  async abandon(): Promise<void> {
    this.#close();
    await this.#instances.replace();
    this.#onInstance(this.#instances.number);
  }

  /** The run is paused, and nothing is at work: the instance is put away until the run goes on. */
  async suspend(): Promise<void> {
    this.#close();
    await this.#instances.pause().catch(() => undefined);
  }

  /** The last event of the run is written. */
  async finish(status: string): Promise<void> {
    this.#close();
    if (status === 'cancelled') await this.#instances.terminate();
  }

  async lookAfter(): Promise<'terminated' | undefined> {
    if (this.#isOver) return undefined;
    const status = await this.#instances.status();
    if (this.#isOver || (status !== undefined && status !== 'errored' && status !== 'terminated' && status !== 'complete')) {
      if (!this.#isOver && this.#link === undefined) await this.wake();
      return undefined;
    }
    if (status === undefined) {
      await this.wake();
      return undefined;
    }
    await this.#instances.replace();
    this.#onInstance(this.#instances.number);
    this.detach();
    this.#isOver = true;
    this.#end.reject(new Error(`The Workflows instance of the run came to its end (${status}) before the run did.`));
    return status === 'terminated' ? status : undefined;
  }

  #close(): void {
    this.#isOver = true;
    this.detach();
    this.#end.resolve();
  }

  async #wake(): Promise<void> {
    if (await this.#instances.isOver()) {
      await this.#instances.replace();
      this.#onInstance(this.#instances.number);
    }
    await this.#instances.wake();
  }

  async #ask<Answer>(use: (link: HeldLink) => Promise<Answer>): Promise<Answer> {
    for (let isRepeated = false; ; isRepeated = true) {
      const link = await this.#within(this.#linked.promise);
      try {
        return await use(link);
      } catch (error) {
        if (isRepeated || this.#isOver) throw error;
        this.detach(link);
        await this.wake();
      }
    }
  }

  async #within(linked: Promise<HeldLink>): Promise<HeldLink> {
    const link = await Promise.race([linked, scheduler.wait(LINK_WITHIN_MS)]);
    if (link === undefined)
      throw new Error('The Workflows instance of the run does not answer; what it has is kept, and it goes on as soon as it does.');
    return link as HeldLink;
  }
}

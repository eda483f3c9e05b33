import type { Program } from '../../program/program.ts';
import type { LoopInbox, RunnerOfRun } from '../run-loop.ts';
import { dispose } from './dispose.ts';
import type { WorkflowParams } from './ensemble-workflow.ts';
import { Instances, OVER } from './instance.ts';
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
  /** Somebody ended the instance from outside. */
  onTerminated(): void;
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
  readonly #options: WorkflowLoopOptions;
  readonly #end = Promise.withResolvers<void>();
  #link: HeldLink | undefined;
  #linked = Promise.withResolvers<HeldLink>();
  #waking: Promise<void> | undefined;
  /** A life was asked for and is on its way. */
  #isExpected = false;
  #isOver = false;

  constructor(options: WorkflowLoopOptions) {
    const { binding, run, program, instance } = options;
    this.#options = options;
    this.program = program;
    this.#instances = new Instances(binding, run, instance);
    this.done = this.#end.promise;
  }

  /** Resolves once the platform was asked for it. A failure is made good by `lookAfter`. */
  wake(): Promise<void> {
    this.#isExpected = true;
    this.#waking ??= this.#wake()
      .catch((error: unknown) => {
        this.#isExpected = false;
        throw error;
      })
      .finally(() => {
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
    this.#isExpected = false;
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
    await this.#replace();
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

  /** Every few seconds while the run is at work: brings back an instance that came to its end before the run did, or that nothing is heard of. */
  async lookAfter(): Promise<void> {
    if (this.#isOver) return;
    const status = await this.#instances.status();
    if (!this.#isOver && (this.#link === undefined || status === undefined || OVER.has(status))) await this.wake();
  }

  #close(): void {
    this.#isOver = true;
    this.detach();
    this.#end.resolve();
  }

  async #wake(): Promise<void> {
    const status = await this.#instances.status();
    if (status !== undefined && OVER.has(status)) {
      if (status === 'terminated') this.#options.onTerminated();
      await this.#replace();
    }
    await this.#instances.wake();
  }

  async #replace(): Promise<void> {
    this.detach();
    await this.#instances.replace();
    this.#options.onInstance(this.#instances.number);
  }

  async #ask<Answer>(use: (link: HeldLink) => Promise<Answer>): Promise<Answer> {
    for (let isRepeated = false; ; isRepeated = true) {
      // In an object that knows of the life by its record alone, nobody has asked for one yet.
      if (this.#link === undefined && !this.#isExpected) await this.wake();
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

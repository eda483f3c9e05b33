import { NonRetryableError } from 'cloudflare:workflows';
import type { JsonValue } from '../../program/json.ts';
import type { StartName, StepOptions, StepsPort, StepTry, StepWait } from '../../runtime/ports.ts';
import { unlessAborted } from '../../runtime/unless-aborted.ts';
import { eventType, stepName } from './step-names.ts';

/** What keeps the ends of agents that the platform is not to keep. */
export interface EndKeeper {
  /** False when it cannot be kept: nothing is there to seal a secret with. */
  keepEnd(step: string, text: string, isSecret: boolean): Promise<boolean>;
  readEnd(step: string): Promise<string | undefined>;
}

/** What a wait of the platform feeds: sends it an event, whose payload comes back by `onEvent`. */
export interface Feeder {
  /** False when it was used before, or cannot take it. */
  feed(payload: JsonValue): Promise<boolean>;
}

/** The slice of the platform's `WorkflowStep` that runs need, with plainer types. */
export interface PlatformStep {
  do(name: string, config: StepConfig, work: () => Promise<unknown>): Promise<unknown>;
  sleep(name: string, ms: number): Promise<void>;
  waitForEvent(name: string, options: { readonly type: string; readonly timeout: number }): Promise<{ readonly payload: unknown }>;
}

interface StepConfig {
  readonly retries: { readonly limit: number; readonly delay: () => number; readonly backoff: 'constant' };
  readonly timeout: number;
}

export interface WorkflowStepsOptions {
  readonly step: PlatformStep;
  readonly keeper: EndKeeper;
  sendEvent(type: string, payload: JsonValue): Promise<void>;
  /** The event that an agent waited for came: what `feed` was given, now or in an earlier life of the run. */
  onEvent(payload: JsonValue): void;
  /** The platform has ended this life of the run: paused, restarted or terminated it. It has to know. */
  onBroken(error: unknown): void;
}

/** A crash takes one of the platform's tries, and none of ours: so many more than the agent has. */
const SPARE_TRIES = 10;
/** Ours ends the try before, and says so in the journal; the platform's is for one that does not end. */
const SPARE_MS = 5_000;
const NO_TIMEOUT_MS = 24 * 60 * 60_000;
/** The platform's longest sleep, and longest wait for an event, is a year. */
const LONGEST_MS = 300 * 24 * 60 * 60_000;
/** Characters of JSON: what a step keeps may take 1 MiB, in which a character takes two bytes at most and a number nine. */
const MAX_KEPT = 200_000;
/** Of an event that does not come: what it says is handed over without it. */
const EVENT_WITHIN_MS = 5_000;

/** What a step of the platform keeps. `stopped`: the life that stopped it. */
type Kept = { readonly end: JsonValue } | { readonly keptBy: 'run' } | { readonly stopped: string };

/** The steps and waits of a run in the platform's own (`engine: workflows`). */
export class WorkflowSteps implements StepsPort {
  readonly #options: WorkflowStepsOptions;
  readonly #feeders = new Map<string, Feeder>();
  readonly #life = crypto.randomUUID();

  constructor(options: WorkflowStepsOptions) {
    this.#options = options;
  }

  async tries(start: StartName, options: StepOptions, makeTry: () => Promise<StepTry>): Promise<JsonValue> {
    const own: { end?: JsonValue } = {};
    const makeOwn = async (): Promise<StepTry> => {
      const tried = await makeTry();
      if (tried.type === 'end') own.end = tried.end;
      return tried;
    };
    for (let again = 1; ; again += 1) {
      const name = await stepName(start, again);
      const kept = await this.#do(name, options, makeOwn);
      if ('end' in kept) return kept.end;
      // Nobody waits for it: another step would be stopped just so, and one after that.
      if ('stopped' in kept && kept.stopped === this.#life) throw new Error('the agent was stopped');
      const text = 'keptBy' in kept ? await this.#options.keeper.readEnd(name) : undefined;
      if (text !== undefined) return JSON.parse(text) as JsonValue;
      // A secret without a key to seal it with: it could not be kept the next time either.
      if (own.end !== undefined) return own.end;
      // It was stopped in an earlier life, by something that does not stop it in this one; or what it gave there could not be kept.
    }
  }

  async sleep(start: StartName, ms: number, signal: AbortSignal): Promise<void> {
    const until = Date.now() + ms;
    for (let again = 1; ; again += 1) {
      const leftMs = Math.min(until - Date.now(), LONGEST_MS);
      if (leftMs <= 0) return;
      const slept = this.#own(this.#options.step.sleep(await stepName(start, again), leftMs));
      await unlessAborted(slept, signal);
    }
  }

  listen(wait: StepWait, signal: AbortSignal): void {
    this.#listen(wait, signal).catch(() => undefined);
  }

  /** Of the agent that waits. */
  feederOf(agent: string): Feeder | undefined {
    return this.#feeders.get(agent);
  }

  async #do(name: string, { maxAttempts, timeoutMs }: StepOptions, makeTry: () => Promise<StepTry>): Promise<Kept> {
    let afterMs = 0;
    const config: StepConfig = {
      // Jitter, `maxDelay` and what the server asked for are in it already.
      retries: { limit: maxAttempts - 1 + SPARE_TRIES, delay: () => afterMs, backoff: 'constant' },
      timeout: timeoutMs === undefined ? NO_TIMEOUT_MS : timeoutMs + SPARE_MS,
    };
    const work = async (): Promise<Kept> => {
      const tried = await makeTry();
      switch (tried.type) {
        case 'end':
          return this.#keep(name, tried.end, tried.isSecret);
        case 'stopped':
          return { stopped: this.#life };
        case 'failed':
          throw new NonRetryableError(tried.message);
        default:
          afterMs = tried.afterMs;
          throw new Error(tried.message);
      }
    };
    return (await this.#own(this.#options.step.do(name, config, work))) as Kept;
  }

  async #keep(name: string, end: JsonValue, isSecret: boolean): Promise<Kept> {
    const text = JSON.stringify(end);
    if (!isSecret && text.length <= MAX_KEPT) return { end };
    await this.#options.keeper.keepEnd(name, text, isSecret);
    return { keptBy: 'run' };
  }

  async #listen({ start, agent, until }: StepWait, signal: AbortSignal): Promise<void> {
    for (let again = 1; !signal.aborted; again += 1) {
      const name = await stepName(start, again);
      const type = await eventType(name);
      const feeder = new EventFeeder((payload) => this.#options.sendEvent(type, payload));
      this.#feeders.set(agent, feeder);
      const timeout = Math.min(until === undefined ? LONGEST_MS : Math.max(until - Date.now(), 0) + SPARE_MS, LONGEST_MS);
      try {
        const waited = this.#own(this.#options.step.waitForEvent(name, { type, timeout }));
        const { payload } = await unlessAborted(waited, signal);
        // The platform takes nothing but JSON for it.
        this.#options.onEvent(payload as JsonValue);
        feeder.arrived();
      } catch (error) {
        if (signal.aborted || !isTimeout(error)) return;
      } finally {
        if (this.#feeders.get(agent) === feeder) this.#feeders.delete(agent);
      }
    }
  }

  /** Of what the platform gives up because it puts the instance away nobody hears but the run as a whole. */
  #own<Value>(given: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      given.then(resolve, (error: unknown) => {
        if (isPutAway(error)) this.#options.onBroken(error);
        else reject(error);
      });
    });
  }
}

class EventFeeder implements Feeder {
  readonly #send: (payload: JsonValue) => Promise<void>;
  readonly #arrived = Promise.withResolvers<true>();
  #isUsed = false;

  constructor(send: (payload: JsonValue) => Promise<void>) {
    this.#send = send;
  }

  async feed(payload: JsonValue): Promise<boolean> {
    if (this.#isUsed || JSON.stringify(payload).length > MAX_KEPT) return false;
    this.#isUsed = true;
    await this.#send(payload);
    return (await Promise.race([this.#arrived.promise, scheduler.wait(EVENT_WITHIN_MS)])) === true;
  }

  arrived(): void {
    this.#arrived.resolve(true);
  }
}

/** How the emulator says so; deployed nothing is heard of any more then. */
function isPutAway(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Aborting engine:');
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timed? ?out/i.test(`${error.name} ${error.message}`);
}

import { parseDuration } from '../../program/duration.ts';
import type { Failure, FailureCode } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Limit, Limits } from '../../program/program.ts';
import type { Usage } from '../../program/run-event.ts';
import type { Scope } from '../expression/scope.ts';
import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import { prepareTemplate } from './evaluate.ts';
import { RunStop } from './run-stop.ts';

type FixedLimits = { readonly [Name in keyof Limits]?: number };

/** What limits are made of. `startedAt`: epoch ms. */
export interface LimitsOptions {
  readonly startedAt: number;
  /** Who went beyond a limit, in its message: `The run`, `The ensemble "child"`. */
  readonly subject: string;
  /** Those of the ensemble that runs this one: what is used here is used there too. */
  readonly around?: RunLimits;
}

/**
 * Counts what an ensemble and all that it runs use against its `limits`. Going beyond one throws a `LimitStop`: it ends the ensemble whose limit it is as failed, whatever
 * inside handles failures; of several the outermost.
 */
export class RunLimits {
  readonly #plan: Limits;
  readonly #options: LimitsOptions;
  /** These and all around them, outermost first: all count. */
  readonly #counted: readonly RunLimits[];
  /** Those of them that stop what goes on here. */
  readonly #enforced: readonly RunLimits[];
  /** Those that are known: constants from the start, the others once `open` was called. */
  #limits: FixedLimits;
  #steps = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | undefined;
  #used = false;
  #fire: (stop: LimitStop) => unknown = (stop) => stop;

  constructor(limits: Limits, options: LimitsOptions, lifted = false) {
    this.#plan = limits;
    this.#options = options;
    this.#limits = Object.fromEntries(Object.entries(limits).filter(([, limit]) => typeof limit === 'number'));
    const { around } = options;
    this.#counted = around === undefined ? [this] : [...around.#counted, this];
    this.#enforced = around === undefined || lifted ? [this] : [...around.#enforced, this];
  }

  /** Of an ensemble that is run from here. */
  within(limits: Limits, options: Omit<LimitsOptions, 'around'>): RunLimits {
    return new RunLimits(limits, { ...options, around: this });
  }

  /** For what must be done although limits may be used up: all is counted, and none of these stops it. */
  lifted(): RunLimits {
    return new RunLimits({}, { ...this.#options, around: this }, true);
  }

  /** How long until the ensemble has taken as long as it may; undefined while that is not known, or without such a limit. */
  leftMs(now: number): number | undefined {
    const { maxDurationMs } = this.#limits;
    return maxDurationMs === undefined ? undefined : this.#options.startedAt + maxDurationMs - now;
  }

  /** Called when a limit is gone beyond; gives what is thrown. */
  onBeyond(fire: (stop: LimitStop) => unknown): void {
    this.#fire = fire;
  }

  /** The stop of an ensemble whose record says that it went beyond a limit. */
  stopOf(failure: Failure): LimitStop {
    return new LimitStop(failure, this);
  }

  /** The ensemble has taken longer than `limits.max_duration` allows: gives what is thrown. */
  expire(): unknown {
    return this.#beyond('LIMIT_DURATION', `took longer than the ${this.#limits.maxDurationMs} ms that \`limits.max_duration\` allows`);
  }

  /** Works out the limits that are expressions; the state is open by now. Throws CONFIG_INVALID for a value that is no limit. */
  open(scope: Scope): void {
    const { maxDurationMs, maxSteps, maxTokens, maxCostUsd } = this.#plan;
    this.#limits = {
      ...this.#limits,
      ...fix('maxDurationMs', maxDurationMs, scope, readDuration),
      ...fix('maxSteps', maxSteps, scope, readCount('max_steps', 1)),
      ...fix('maxTokens', maxTokens, scope, readCount('max_tokens', 0)),
      ...fix('maxCostUsd', maxCostUsd, scope, readCost),
    };
  }

  /** Agents that began, those inside agent files and ensembles included; skipped ones do not count. */
  get steps(): number {
    return this.#steps;
  }

  /** The sum over all model calls, failed tries included; undefined when there was none. */
  get usage(): Usage | undefined {
    if (!this.#used) return undefined;
    const tokens = { input_tokens: this.#inputTokens, output_tokens: this.#outputTokens };
    return this.#costUsd === undefined ? tokens : { ...tokens, cost_usd: this.#costUsd };
  }

  /** Call before an agent begins. Agents that never wait would keep a timer from firing, so the duration is looked at here too. */
  countStep(now: number): void {
    for (const limits of this.#enforced) limits.#checkStep(now);
    for (const limits of this.#counted) limits.#steps += 1;
  }

  #checkStep(now: number): void {
    const { maxSteps } = this.#limits;
    const leftMs = this.leftMs(now);
    if (leftMs !== undefined && leftMs <= 0) throw this.expire();
    if (maxSteps !== undefined && this.#steps >= maxSteps) {
      throw this.#beyond('LIMIT_STEPS', `needs more than the ${maxSteps} steps that \`limits.max_steps\` allows`);
    }
  }

  /** Only counts; `check` decides, once the call that used them is in the journal. */
  countUsage(usage: Usage): void {
    for (const limits of this.#counted) limits.#addUsage(usage);
  }

  #addUsage(usage: Usage): void {
    this.#used = true;
    this.#inputTokens += usage.input_tokens;
    this.#outputTokens += usage.output_tokens;
    if (usage.cost_usd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + usage.cost_usd;
  }

  check(): void {
    for (const limits of this.#enforced) limits.#checkUsage();
  }

  #checkUsage(): void {
    if (!this.#used) return;
    const { maxTokens, maxCostUsd } = this.#limits;
    const tokens = this.#inputTokens + this.#outputTokens;
    if (maxTokens !== undefined && tokens > maxTokens) {
      throw this.#beyond('LIMIT_TOKENS', `has used ${tokens} tokens; \`limits.max_tokens\` allows ${maxTokens}`);
    }
    if (maxCostUsd !== undefined && this.#costUsd !== undefined && this.#costUsd > maxCostUsd) {
      throw this.#beyond('LIMIT_COST', `has cost ${formatUsd(this.#costUsd)}; \`limits.max_cost_usd\` allows ${formatUsd(maxCostUsd)}`);
    }
  }

  #beyond(code: FailureCode, message: string): unknown {
    return this.#fire(this.stopOf({ code, message: `${this.#options.subject} ${message}.`, retryable: false }));
  }
}

/** What an ensemble uses went beyond one of its limits. It ends the run, unless the limits are those of an ensemble that the run runs: then it ends that one. */
export class LimitStop extends RunStop {
  readonly limits: RunLimits;
  constructor(failure: Failure, limits: RunLimits) {
    super('failed', failure);
    this.name = 'LimitStop';
    this.limits = limits;
  }
}

function fix(name: keyof Limits, limit: Limit | undefined, scope: Scope, read: (value: JsonValue | undefined) => number): FixedLimits {
  return limit === undefined || typeof limit === 'number' ? {} : { [name]: read(prepareTemplate(limit)(scope)) };
}

function readDuration(value: JsonValue | undefined): number {
  const ms = typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined) throw invalid('max_duration', 'milliseconds or a text such as 30s', value);
  return ms;
}

function readCount(key: string, least: number): (value: JsonValue | undefined) => number {
  return (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw invalid(key, `a whole number from ${least} on`, value);
  };
}

function readCost(value: JsonValue | undefined): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw invalid('max_cost_usd', 'a number from 0 on', value);
}

function invalid(key: string, expected: string, found: JsonValue | undefined): Error {
  return failure('CONFIG_INVALID', `limits.${key}: expected ${expected}, found ${describeValue(found)}.`);
}

function formatUsd(amount: number): string {
  return `$${Number(amount.toPrecision(4))}`;
}

import { parseDuration } from '../../program/duration.ts';
import type { FailureCode } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Limit, Limits } from '../../program/program.ts';
import type { Usage } from '../../program/run-event.ts';
import type { Scope } from '../expression/scope.ts';
import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import { prepareTemplate } from './evaluate.ts';
import { RunStop } from './run-stop.ts';

type FixedLimits = { readonly [Name in keyof Limits]?: number };

/** Counts what a run uses against its `limits`. Going beyond one throws a `RunStop`: it ends the run as failed, whatever handles failures. */
export class RunLimits {
  readonly #plan: Limits;
  /** Those that are known: constants from the start, the others once `open` was called. */
  #limits: FixedLimits;
  readonly #startedAt: number;
  #steps = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | undefined;
  #used = false;

  /** `startedAt`: epoch ms. */
  constructor(limits: Limits, startedAt: number) {
    this.#plan = limits;
    this.#limits = Object.fromEntries(Object.entries(limits).filter(([, limit]) => typeof limit === 'number'));
    this.#startedAt = startedAt;
  }

  /** How long the run may take; undefined while that is not known, or without such a limit. */
  get maxDurationMs(): number | undefined {
    return this.#limits.maxDurationMs;
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

  /** Agents that began, those inside agent files included; skipped ones do not count. */
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
    const { maxSteps, maxDurationMs } = this.#limits;
    if (maxDurationMs !== undefined && now - this.#startedAt >= maxDurationMs) throw durationStop(maxDurationMs);
    if (maxSteps !== undefined && this.#steps >= maxSteps) {
      throw beyond('LIMIT_STEPS', `The run needs more than the ${maxSteps} steps that \`limits.max_steps\` allows.`);
    }
    this.#steps += 1;
  }

  /** Only counts; `check` decides, once the call that used them is in the journal. */
  countUsage(usage: Usage): void {
    this.#used = true;
    this.#inputTokens += usage.input_tokens;
    this.#outputTokens += usage.output_tokens;
    if (usage.cost_usd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + usage.cost_usd;
  }

  check(): void {
    if (!this.#used) return;
    const { maxTokens, maxCostUsd } = this.#limits;
    const tokens = this.#inputTokens + this.#outputTokens;
    if (maxTokens !== undefined && tokens > maxTokens) {
      throw beyond('LIMIT_TOKENS', `The run has used ${tokens} tokens; \`limits.max_tokens\` allows ${maxTokens}.`);
    }
    if (maxCostUsd !== undefined && this.#costUsd !== undefined && this.#costUsd > maxCostUsd) {
      throw beyond('LIMIT_COST', `The run has cost ${formatUsd(this.#costUsd)}; \`limits.max_cost_usd\` allows ${formatUsd(maxCostUsd)}.`);
    }
  }
}

/** The stop of a run that took longer than `limits.max_duration`. */
export function durationStop(maxDurationMs: number): RunStop {
  return beyond('LIMIT_DURATION', `The run took longer than the ${maxDurationMs} ms that \`limits.max_duration\` allows.`);
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

function beyond(code: FailureCode, message: string): RunStop {
  return new RunStop('failed', { code, message, retryable: false });
}

function formatUsd(amount: number): string {
  return `$${Number(amount.toPrecision(4))}`;
}

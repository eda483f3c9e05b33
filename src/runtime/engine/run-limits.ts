import type { FailureCode } from '../../program/failure.ts';
import type { Limits } from '../../program/program.ts';
import type { Usage } from '../../program/run-event.ts';
import { RunStop } from './run-stop.ts';

/** Counts what a run uses against its `limits`. Going beyond one throws a `RunStop`: it ends the run as failed, whatever handles failures. */
export class RunLimits {
  readonly #limits: Limits;
  readonly #startedAt: number;
  #steps = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | undefined;
  #used = false;

  /** `startedAt`: epoch ms. */
  constructor(limits: Limits, startedAt: number) {
    this.#limits = limits;
    this.#startedAt = startedAt;
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

function beyond(code: FailureCode, message: string): RunStop {
  return new RunStop('failed', { code, message, retryable: false });
}

function formatUsd(amount: number): string {
  return `$${Number(amount.toPrecision(4))}`;
}

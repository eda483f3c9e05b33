import type { AgentStep } from '../../program/program.ts';
import type { AgentResult } from './agent-result.ts';
import { Results } from './results.ts';
import type { StepContext } from './step-context.ts';

/**
 * What an agent's own expressions read once it has ended (`set`, `onError`, `compensate`): where `flow:` runs it by an `id`, its result has the name that `agents:` gives it
 * too.
 */
export function withOwnName({ name, definedAs }: AgentStep, context: StepContext): StepContext {
  if (definedAs === undefined || definedAs === name) return context;
  return { ...context, results: new RenamedResults(context.results, definedAs, name) };
}

/** The same results, but one name means another one's. */
class RenamedResults extends Results {
  readonly #results: Results;
  readonly #alias: string;
  readonly #name: string;

  constructor(results: Results, alias: string, name: string) {
    super();
    this.#results = results;
    this.#alias = alias;
    this.#name = name;
  }

  override get(name: string): AgentResult | undefined {
    return this.#results.get(name === this.#alias ? this.#name : name);
  }

  override set(name: string, result: AgentResult): void {
    this.#results.set(name, result);
  }

  override get own(): ReadonlyMap<string, AgentResult> {
    return this.#results.own;
  }

  override copy(): Results {
    return new RenamedResults(this.#results.copy(), this.#alias, this.#name);
  }
}

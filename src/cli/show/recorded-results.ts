import { type Enclosing, findStep } from '../../program/find-step.ts';
import type { Program } from '../../program/program.ts';
import type { AgentResult } from '../../runtime/engine/agent-result.ts';
import { buildAgentResult, SKIPPED_RESULT } from '../../runtime/engine/agent-result.ts';
import type { AgentSnapshot, RunSnapshot, StepSnapshot } from '../../runtime/journal/run-snapshot.ts';

/** Where the expressions stand that read the results: the path of the body and the steps around them. */
export interface Reader {
  readonly owner: string;
  readonly around: readonly Enclosing[];
}

/** The results that an agent could read by name (LANGUAGE §2.1, §6.1), from what the journal said until it began. Logs of code are not part of them. */
export class RecordedResults {
  readonly #program: Program;
  readonly #snapshot: RunSnapshot;
  readonly #prefix: string;
  readonly #loops: readonly Enclosing[];

  constructor(program: Program, snapshot: RunSnapshot, { owner, around }: Reader) {
    this.#program = program;
    this.#snapshot = snapshot;
    this.#prefix = owner === '' ? '' : `${owner}/`;
    this.#loops = loopsOf(around);
  }

  get(name: string): AgentResult | undefined {
    const base = this.#prefix + name;
    const found = findStep(this.#program, base);
    if (found === undefined) return undefined;
    const theirs = loopsIn(found.around);
    const shared = this.#loops.filter(({ step }, i) => theirs[i] === step);
    return this.#lookUp(base, shared, theirs.length);
  }

  /** In the loops that both lie in, the reader's own positions; in others the last one. A round of a while also sees what the rounds before it left. */
  #lookUp(base: string, shared: readonly Enclosing[], depth: number): AgentResult | undefined {
    const suffix = shared.map(({ position }) => `[${position}]`).join('');
    const path = shared.length === depth ? base + suffix : this.#latest(base + suffix);
    const result = path === undefined ? undefined : this.#resultAt(path);
    const inner = shared.at(-1);
    if (result !== undefined || inner?.step.type !== 'while' || inner.position === undefined || inner.position === 0) return result;
    return this.#lookUp(base, [...shared.slice(0, -1), { ...inner, position: inner.position - 1 }], depth);
  }

  /** The path with the highest positions that begins so. */
  #latest(start: string): string | undefined {
    let latest: { readonly path: string; readonly positions: readonly number[] } | undefined;
    for (const path of this.#snapshot.agents.keys()) {
      if (!path.startsWith(`${start}[`) || path.includes('/', start.length)) continue;
      const positions = Array.from(path.slice(start.length).matchAll(/\d+/g), ([digits]) => Number(digits));
      if (latest === undefined || isLater(positions, latest.positions)) latest = { path, positions };
    }
    return latest?.path;
  }

  #resultAt(path: string): AgentResult | undefined {
    const { agents, flow } = this.#snapshot;
    const agent = agents.get(path);
    // A loop that is skipped as a whole is told as its agent; otherwise its own end counts.
    if (agent !== undefined) return resultOfAgent(agent);
    const step = flow.get(path);
    return step === undefined || step.status === 'running' ? undefined : resultOfStep(step);
  }
}

function resultOfAgent(agent: AgentSnapshot): AgentResult | undefined {
  if (agent.status === 'running') return undefined;
  return agent.status === 'skipped' ? SKIPPED_RESULT : buildAgentResult({ ...agent, durationMs: agent.duration_ms ?? 0 });
}

function resultOfStep({ kind, output, failure, duration_ms: durationMs = 0, tainted }: StepSnapshot): AgentResult {
  const outputs = kind === 'loop' && Array.isArray(output) ? output : undefined;
  return buildAgentResult({ output, attempts: 1, durationMs, tainted, outputs, ...(failure === undefined ? {} : { failure }) });
}

function loopsOf(around: readonly Enclosing[]): readonly Enclosing[] {
  return around.filter(({ position }) => position !== undefined);
}

function loopsIn(around: readonly Enclosing[]): readonly Enclosing['step'][] {
  return around.filter(({ block }) => block.repeats).map(({ step }) => step);
}

function isLater(positions: readonly number[], than: readonly number[]): boolean {
  const at = positions.findIndex((position, i) => position !== than[i]);
  return at !== -1 && (positions[at] ?? 0) > (than[at] ?? 0);
}

import type { Program } from '../src/program/program.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';

/** An ensemble of `count` agents in a row, of which each adds its index to what the one before it has: from `input.x` to its output. `head` is YAML that stands before the agents. */
export function chainProgram(count: number, head = ''): Program {
  const before = (index: number): string => (index === 0 ? 'input.x' : `a${index - 1}.output.n`);
  const agents = Array.from(
    { length: count },
    (_, index) => `  - { name: a${index}, operation: transform, config: { value: { n: "\${${before(index)} + ${index}}" } } }\n`,
  );
  return programOf(`ensemble: bench\n${head}agents:\n${agents.join('')}output: \${a${count - 1}.output.n}\n`);
}

/** What such a chain comes to, from 1. */
export const chainEnd = (count: number): number => 1 + (count * (count - 1)) / 2;

/** Fails unless a chain of `count` came to what it must. */
export function checkChainEnd(count: number, end: unknown): void {
  if (end !== chainEnd(count)) throw new Error(`a chain of ${count} came to ${JSON.stringify(end)}, not ${chainEnd(count)}`);
}

import { describe, expect, test } from 'vitest';
import type { Journal } from '../../../src/runtime/journal/journal.ts';
import { settle } from './support/fake-clock.ts';
import { startRun } from './support/test-run.ts';

/** A journal that is done with nothing until it is told to be. */
class StuckJournal implements Journal {
  #done: () => void = () => undefined;
  readonly #release = new Promise<void>((resolve) => {
    this.#done = resolve;
  });

  append(): Promise<void> {
    return this.#release;
  }

  finish(): void {
    this.#done();
  }
}

const loop = (concurrency: number): string => `
ensemble: e
agents:
  - { name: each, operation: transform, loop: { items: "\${input.items}", concurrency: ${concurrency} }, config: { value: "\${Math.random()}" } }
output: "\${each.output.length}"
`;
const inFile = `
ensemble: e
agents:
  - parallel: [{ name: runs, agent: file }, { name: other, agent: file }]
`;
const file = `agent: file\noperations: [{ name: each, operation: transform, loop: { items: "\${input.items}" }, config: { value: "\${Math.random()}" } }]\n`;

/** `begun`: how many items were begun until nothing went on any more. */
async function startStuck(source: string) {
  const journal = new StuckJournal();
  const items = Array.from({ length: 5_000 }, (_, index) => index);
  let begun = 0;
  const random = (): number => {
    begun += 1;
    return 0.5;
  };
  const run = startRun(source, { journal, input: { items }, agentFiles: { file }, random });
  await settle();
  return { journal, run, begun };
}

describe('a journal that is slower than the agents', () => {
  test('is waited for with the first group that it is not done with, where nothing runs side by side', async () => {
    const { journal, run, begun } = await startStuck(loop(1));
    // Each item is three events, and a group 256 of them.
    expect(begun).toBeLessThan(100);
    journal.finish();
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 5_000 });
  });

  test('holds up what runs side by side, in files too, only when it is a thousand events behind', async () => {
    for (const source of [loop(4), inFile]) {
      const { journal, run, begun } = await startStuck(source);
      // Each item is three events.
      expect(begun).toBeGreaterThan(300);
      expect(begun).toBeLessThan(400);
      journal.finish();
      expect(await run.done).toMatchObject({ status: 'succeeded' });
    }
  });

  test('holds it up sooner where what they give is large', async () => {
    const journal = new StuckJournal();
    let begun = 0;
    const value = 'x'.repeat(1024 * 1024);
    const call = async () => {
      begun += 1;
      return { ok: true as const, value, setState: undefined, logs: [] };
    };
    const steps =
      '[{ name: call, operation: code, config: { code: return 1 } }, { name: small, operation: transform, config: { value: 1 } }]';
    const source = `ensemble: e\nagents:\n  - { type: foreach, items: "\${input.items}", concurrency: 4, steps: ${steps} }\n`;
    const run = startRun(source, { journal, code: { call }, input: { items: Array.from({ length: 60 }, (_, index) => index) } });
    await settle();
    expect(begun).toBeGreaterThan(3);
    expect(begun).toBeLessThan(25);
    journal.finish();
    expect(await run.done).toMatchObject({ status: 'succeeded' });
  });
});

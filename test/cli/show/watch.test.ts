import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { RUN } from '../history/support.ts';
import { agentFinished, agentStarted, finished, numberEvents, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { renderScreen } from '../support/screen.ts';

const COLUMNS = 60;

/** Shows a run while its events come; a function among them is called at its turn. */
async function watch(story: readonly (EventBody | ((io: FakeIo) => unknown))[], options: FakeIoOptions, args: readonly string[] = []) {
  const host = createFakeHost([]);
  const io = createFakeIo({ columns: COLUMNS, ...options });
  const events = [...numberEvents(story.filter((item): item is EventBody => typeof item !== 'function'))];
  host.recorded.set(RUN, {
    events: (async function* (): AsyncGenerator<RunEvent, void> {
      for (const item of story) {
        if (typeof item === 'function') await item(io);
        else yield events.shift() as RunEvent;
      }
    })(),
  });
  const code = await main(['show', RUN, '--watch', ...args], io, host.open);
  return { code, io, host, screen: renderScreen(io.stdout.text, COLUMNS) };
}

const screenNow = (io: FakeIo) => {
  io.advance(250);
  return renderScreen(io.stdout.text, COLUMNS);
};
const BEGUN = [STARTED, agentStarted('fetch')];
const ENDED = [agentFinished('fetch'), finished()];

describe('ensemble show --watch', () => {
  test('on a terminal the tree is drawn again in place, and stands there once when the run is over', async () => {
    const seen: (readonly string[])[] = [];
    const { code, screen } = await watch([...BEGUN, (io) => seen.push(screenNow(io)), ...ENDED], { stdoutTty: true });
    expect(seen).toEqual([
      [expect.stringMatching(/^shop {2}running/), expect.anything(), expect.anything(), 'input {}', '', ' 10 ms  └─ … fetch  at work'],
    ]);
    expect(code).toBe(0);
    expect(screen.filter((line) => line.startsWith('shop'))).toEqual(['shop  succeeded in 1.2 s · 2 steps']);
    expect(screen.filter((line) => line.includes('fetch'))).toEqual([' 10 ms  └─ ✓ fetch  12 ms']);
  });

  test('of a tree that is higher than the terminal the first line and the last ones are seen until it is over', async () => {
    const agents = Array.from({ length: 60 }, (_, i) => [agentStarted(`agent${i}`), agentFinished(`agent${i}`)]).flat();
    const seen: (readonly string[])[] = [];
    const { screen } = await watch([STARTED, ...agents, (io) => seen.push(screenNow(io)), finished()], { stdoutTty: true });
    const [rows = []] = seen;
    expect(rows.length).toBeLessThan(24);
    expect([rows[0], rows.at(-1)]).toEqual([expect.stringMatching(/^shop {2}running/), expect.stringContaining('agent59')]);
    expect(screen.filter((line) => line.includes('agent'))).toHaveLength(60);
  });

  test('on a pipe it is written once, at the end', async () => {
    const seen: string[] = [];
    const look = (io: FakeIo) => {
      io.advance(1_000);
      seen.push(io.stdout.text);
    };
    const { io } = await watch([...BEGUN, look, ...ENDED], {});
    expect(seen).toEqual(['']);
    expect(io.stdout.text.match(/shop {2}succeeded/g)).toHaveLength(1);
    expect(io.stdout.text).not.toContain('\u001b');
  });

  test('an interrupt leaves the tree as it was then, and the run alone', async () => {
    const hang = (io: FakeIo) => {
      queueMicrotask(() => io.interrupt());
      return new Promise(() => {});
    };
    const { code, io, host, screen } = await watch([...BEGUN, hang], { stdoutTty: true });
    expect(code).toBe(0);
    expect(screen.at(-1)).toContain('fetch  at work');
    expect([host.cancelled, host.closed, io.interruptListeners]).toEqual([[], 1, 0]);
  });

  test('--json prints each event when it comes', async () => {
    const seen: number[] = [];
    await watch([...BEGUN, (io) => seen.push(io.stdout.text.split('\n').length - 1), ...ENDED], {}, ['--json']);
    expect(seen).toEqual([2]);
  });
});

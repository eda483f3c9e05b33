import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { EventLog } from '../../../src/runtime/engine/event-log.ts';
import { findExcess } from '../../../src/runtime/engine/json-size.ts';
import { Redactor } from '../../../src/runtime/engine/redact.ts';
import type { Journal } from '../../../src/runtime/journal/journal.ts';
import { MemoryJournal } from '../../../src/runtime/journal/memory-journal.ts';
import { FakeClock, settle } from './support/fake-clock.ts';

const line = (message: string): EventBody => ({ type: 'log', agent: 'a', level: 'info', message });
const messages = (events: readonly RunEvent[]): string[] => events.map((event) => (event.type === 'log' ? event.message : event.type));

function open(journal: Journal, clock = new FakeClock()): EventLog {
  return new EventLog({ run: 'r', journal, clock, redactor: new Redactor() });
}

/** A journal whose writes end when the test says so. */
class SlowJournal implements Journal {
  readonly begun: string[][] = [];
  readonly ends: { resolve(): void; reject(error: unknown): void }[] = [];
  append(group: readonly RunEvent[]): Promise<void> {
    this.begun.push(messages(group));
    return new Promise((resolve, reject) => this.ends.push({ resolve, reject }));
  }
}

describe('the log of a run', () => {
  test('numbers events without gaps and writes them in order', () => {
    const journal = new MemoryJournal();
    const log = open(journal);
    log.add(line('a'), line('b'));
    log.add(line('c'));
    log.flush();
    expect(journal.events.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(messages(journal.events)).toEqual(['a', 'b', 'c']);
  });

  test('writes nothing before it must, then all as one group', () => {
    const journal = new MemoryJournal();
    const log = open(journal);
    log.add(line('a'));
    log.add(line('b'));
    expect(journal.groups).toHaveLength(0);
    log.flush();
    expect(journal.groups.map(messages)).toEqual([['a', 'b']]);
  });

  test('keeps the events of one call in one group, however many are waiting', () => {
    const journal = new MemoryJournal();
    const log = open(journal);
    for (let n = 0; n < 255; n += 1) log.add(line(`${n}`));
    log.add(line('x'), line('y'), line('z'));
    expect(journal.groups.map((group) => group.length)).toEqual([258]);
  });

  test('writes before a group is larger than a journal can join: large values count, however they come', () => {
    const text = 'x'.repeat(300_000);
    const list = [text];
    findExcess(list);
    const finished = { attempts: 1, duration_ms: 1, tainted: false } as const;
    const events: readonly EventBody[] = [
      { type: 'agent.finished', agent: 'a', output: text, ...finished },
      { type: 'step.finished', step: 'a', output: list, duration_ms: 1, tainted: false },
      { type: 'step.started', step: 'a', kind: 'foreach', items: list },
      { type: 'state.set', agent: 'a', values: { key: text }, writes: { key: text }, tainted: [] },
      line(text),
    ];
    for (const event of events) {
      const journal = new MemoryJournal();
      const log = open(journal);
      for (let n = 0; n < 8; n += 1) log.add(event);
      expect(journal.groups.length, event.type).toBeGreaterThanOrEqual(2);
    }
  });

  test('writes when the first event has waited a few milliseconds', async () => {
    const journal = new MemoryJournal();
    const clock = new FakeClock();
    const log = open(journal, clock);
    log.add(line('a'));
    await clock.advance(10);
    log.add(line('b'));
    expect(journal.groups.map(messages)).toEqual([['a', 'b']]);
  });

  test('asks a journal that can to be called back soon, once a group', () => {
    const asked: (() => void)[] = [];
    const memory = new MemoryJournal();
    const log = open({ append: (group) => memory.append(group), soon: (write) => asked.push(write) });
    log.add(line('a'));
    log.add(line('b'));
    expect(asked).toHaveLength(1);
    asked[0]?.();
    expect(memory.groups.map(messages)).toEqual([['a', 'b']]);
    log.add(line('c'));
    expect(asked).toHaveLength(2);
  });

  test('begins no group before the one before it is written, and flush waits for both', async () => {
    const journal = new SlowJournal();
    const log = open(journal);
    log.add(line('a'));
    const first = log.flush();
    log.add(line('b'));
    let done = false;
    log.flush()?.then(() => {
      done = true;
    });
    await settle();
    expect(journal.begun).toEqual([['a']]);
    journal.ends[0]?.resolve();
    await first;
    await settle();
    expect(journal.begun).toEqual([['a'], ['b']]);
    expect(done).toBe(false);
    journal.ends[1]?.resolve();
    await settle();
    expect(done).toBe(true);
    expect(log.writing).toBeUndefined();
  });

  test('takes no more events once a write has failed', async () => {
    const journal = new SlowJournal();
    const log = open(journal);
    log.add(line('a'));
    const flushed = log.flush();
    journal.ends[0]?.reject(new Error('disk full'));
    await expect(flushed).rejects.toThrow('disk full');
    expect(() => log.add(line('b'))).toThrow('disk full');
  });

  test('a journal that throws at once fails the flush too', () => {
    const log = open({
      append: () => {
        throw new Error('no table');
      },
    });
    log.add(line('a'));
    expect(() => log.flush()).toThrow('no table');
  });

  test('redacts at the moment of writing, so that what was learned meanwhile counts', () => {
    const journal = new MemoryJournal();
    const redactor = new Redactor();
    const log = new EventLog({ run: 'r', journal, clock: new FakeClock(), redactor });
    log.add(line('token-1'));
    redactor.add('token', 'token-1');
    log.flush();
    expect(messages(journal.events)).toEqual(['[secret token]']);
  });
});

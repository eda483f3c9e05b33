import { describe, expect } from 'vitest';
import type { RunEvent } from '../../src/program/run-event.ts';
import { atLimit, figureOf } from '../support/at-limit.ts';
import { workerModule } from './support/worker-module.ts';

interface Journal {
  append(group: readonly RunEvent[]): unknown;
  read(seq?: number): Iterable<string>;
}
const { SqlJournal } = await workerModule<{ readonly SqlJournal: new (options: object) => Journal }>('sql-journal.ts');

/** A journal over rows in memory, of which only its own questions are known; `pages`: how many rows each reading gave. */
function openJournal() {
  const rows = new Map<number, string>();
  const pages: number[] = [];
  const select = (query: string, id: number, limit: number) => {
    const all = [...rows].map(([own, text]) => ({ id: own, text })).sort((a, b) => a.id - b.id);
    if (query.includes('id <= ?')) return all.filter((row) => row.id <= id).slice(-1);
    const page = all.filter((row) => row.id >= id).slice(0, limit);
    pages.push(page.length);
    return page;
  };
  const exec = (query: string, ...values: readonly (number | string)[]) => {
    if (query.startsWith('INSERT')) rows.set(Number(values[0]), String(values[1]));
    const found = query.startsWith('SELECT id') ? select(query, Number(values[0]), Number(values[1])) : [];
    return { toArray: () => found };
  };
  const storage = { sql: { exec }, transactionSync: (write: () => void) => write() };
  const journal = new SqlJournal({ storage, sealed: {}, onWrite: () => undefined, announce: () => undefined });
  return { journal, rows, pages };
}

const event = (seq: number, message = ''): RunEvent => ({ seq, at: 0, run: 'r', type: 'log', agent: 'a', level: 'info', message });
/** Whose line, with its end, has so many characters. */
const sized = (seq: number, length: number) => event(seq, 'x'.repeat(length - JSON.stringify(event(seq)).length - 1));

describe('the journal of a run', () => {
  const written = (length: number) => {
    const { journal, rows } = openJournal();
    const group = [sized(0, length), event(1), event(2)];
    journal.append(group);
    expect([...journal.read(1)].map((line) => JSON.parse(line))).toEqual(group.slice(1));
    return [...rows.values()].map((text) => text.split('\n').length - 1);
  };
  atLimit('src/worker/sql-journal.ts ROW_LENGTH', {
    // The row takes one more event, and is then beyond it.
    within: (length) => expect(written(length)).toEqual([2, 1]),
    beyond: (length) => expect(written(length)).toEqual([1, 2]),
  });

  const ROW = figureOf('src/worker/sql-journal.ts ROW_LENGTH') + 1;
  const read = (count: number) => {
    const { journal, pages } = openJournal();
    const group = Array.from({ length: count }, (_, seq) => sized(seq, ROW));
    journal.append(group);
    expect([...journal.read()]).toEqual(group.map((one) => JSON.stringify(one)));
    return pages;
  };
  atLimit('src/worker/sql-journal.ts ROWS_AT_ONCE', {
    within: (count) => expect(read(count)).toEqual([count, 0]),
    beyond: (count) => expect(read(count)).toEqual([count - 1, 1]),
  });
});

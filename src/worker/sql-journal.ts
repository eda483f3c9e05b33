import type { RunEvent } from '../program/run-event.ts';
import type { Journal } from '../runtime/journal/journal.ts';
import { MAX_PIECE, splitText } from './text-pieces.ts';

/** Rows of one `seq`: enough for texts far beyond what one event may hold. */
const PIECES_PER_SEQ = 1_024;
/** A row takes events until it has this much text. */
const ROW_LENGTH = 100_000;
const SOON_MS = 8;
/** After this many events without a pause other requests (a cancel, a status) get their turn. */
const BREATH_EVENTS = 2_048;

/**
 * The journal of one run in its Durable Object's SQLite. A row holds consecutive events as NDJSON, because a row costs about 10 µs whatever is in it; its id is the first
 * one's `seq` times 1,024. Once a group is written `announce` gets the same text; the object's output gate keeps it from leaving before it is on disk.
 */
export class SqlJournal implements Journal {
  readonly #storage: DurableObjectStorage;
  readonly #announce: (text: string) => void;
  #sinceBreath = 0;

  constructor(storage: DurableObjectStorage, announce: (text: string) => void) {
    this.#storage = storage;
    this.#announce = announce;
    storage.sql.exec('CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  }

  append(group: readonly RunEvent[]): Promise<void> | undefined {
    const rows = buildRows(group);
    const write = (): void => {
      for (const row of rows) this.#insert(row);
    };
    // One statement is atomic by itself.
    if (rows.length === 1 && (rows[0]?.text.length ?? 0) <= MAX_PIECE) write();
    else this.#storage.transactionSync(write);
    for (const { text } of rows) this.#announce(text);
    this.#sinceBreath += group.length;
    if (this.#sinceBreath < BREATH_EVENTS) return undefined;
    this.#sinceBreath = 0;
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  soon(write: () => void): void {
    setTimeout(write, SOON_MS);
  }

  /** The events from `seq` on, each as the line of NDJSON that it is stored as, without its line end. */
  *read(seq = 0): Generator<string> {
    const { sql } = this.#storage;
    const found = sql.exec<{ id: number }>('SELECT id FROM journal WHERE id <= ? ORDER BY id DESC LIMIT 1', (seq + 1) * PIECES_PER_SEQ - 1);
    const [row] = found.toArray();
    if (row === undefined) return;
    const firstSeq = Math.floor(row.id / PIECES_PER_SEQ);
    let skip = seq - firstSeq;
    let open = '';
    for (const { text } of sql.exec<{ text: string }>('SELECT text FROM journal WHERE id >= ? ORDER BY id', firstSeq * PIECES_PER_SEQ)) {
      const lines = (open + text).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) {
        if (skip > 0) skip -= 1;
        else yield line;
      }
    }
  }

  #insert({ id, text }: Row): void {
    splitText(text).forEach((piece, index) => {
      this.#storage.sql.exec('INSERT INTO journal VALUES (?, ?)', id + index, piece);
    });
  }
}

interface Row {
  readonly id: number;
  readonly text: string;
}

function buildRows(group: readonly RunEvent[]): readonly Row[] {
  const rows: Row[] = [];
  let text = '';
  let seq = group[0]?.seq ?? 0;
  for (const event of group) {
    if (text.length > ROW_LENGTH) {
      rows.push({ id: seq * PIECES_PER_SEQ, text });
      text = '';
      seq = event.seq;
    }
    text += `${JSON.stringify(event)}\n`;
  }
  rows.push({ id: seq * PIECES_PER_SEQ, text });
  return rows;
}

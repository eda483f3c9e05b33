import type { JsonValue } from '../program/json.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { Journal } from '../runtime/journal/journal.ts';
import type { SealedValues } from './sealed-values.ts';
import { MAX_PIECE, splitText } from './text-pieces.ts';

/** Rows of one `seq`: enough for texts far beyond what one event may hold. */
const PIECES_PER_SEQ = 1_024;
/** A row takes events until it has this much text. */
const ROW_LENGTH = 100_000;
/** Rows that are read at a time; each may have 2 MB. */
const ROWS_AT_ONCE = 8;
const SOON_MS = 8;
/** After this many events without a pause other requests (a cancel, a status) get their turn. */
const BREATH_EVENTS = 2_048;
/** And after so many characters of them: what is written to readers, and to the disk, gets its turn too. */
const BREATH_CHARACTERS = 4 * 1024 * 1024;

export interface SqlJournalOptions {
  readonly storage: DurableObjectStorage;
  readonly sealed: SealedValues;
  /** Within the transaction that writes the group. `unsealed`: what redaction changed in it is not kept. */
  onWrite(group: readonly RunEvent[], unsealed: boolean): void;
  /** After it: `text` gives the group as NDJSON. It is on its way to the disk. */
  announce(group: readonly RunEvent[], text: () => string): void;
}

export interface RawEvents {
  readonly events: readonly RunEvent[];
  /** Those of them that redaction changed, as they may be shown. */
  readonly shown: readonly RunEvent[];
  readonly lost: number;
}

/**
 * The journal of one run in its Durable Object's SQLite. A row holds consecutive events as NDJSON, because a row costs about 10 µs whatever is in it; its id is the first
 * one's `seq` times 1,024. What redaction changed is sealed beside it, in the same transaction.
 */
export class SqlJournal implements Journal {
  readonly #options: SqlJournalOptions;
  #nextSeq: number;
  #hasTable: boolean;
  #closed = false;
  #sinceBreath = 0;
  #lengthSinceBreath = 0;

  constructor(options: SqlJournalOptions) {
    this.#options = options;
    this.#hasTable = options.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'journal'").toArray().length > 0;
    this.#nextSeq = this.#hasTable ? this.#countEvents() : 0;
  }

  /** The `seq` of the next event. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  append(group: readonly RunEvent[], raw: readonly RunEvent[] = []): Promise<void> | undefined {
    const [first] = raw;
    if (first === undefined) return this.#write(group);
    return this.#options.sealed
      .seal(first.seq, raw)
      .then((data) => this.#write(group, data === undefined ? 'unsealed' : { seq: first.seq, data }));
  }

  soon(write: () => void): void {
    setTimeout(write, SOON_MS);
  }

  /** Deletes all events, and what is sealed of them. */
  clear(): void {
    if (this.#hasTable) this.#options.storage.sql.exec('DELETE FROM journal');
    this.#options.sealed.forget();
    this.#nextSeq = 0;
  }

  /** Takes nothing any more: the loop that writes to it is given up. */
  close(): void {
    this.#closed = true;
  }

  /** A journal of its own over the same rows, after `close`. */
  reopen(): SqlJournal {
    return new SqlJournal(this.#options);
  }

  /** The events from `seq` on, each as the line of NDJSON that it is stored as, without its line end. */
  *read(seq = 0): Generator<string> {
    if (!this.#hasTable) return;
    const { sql } = this.#options.storage;
    const found = sql.exec<{ id: number }>('SELECT id FROM journal WHERE id <= ? ORDER BY id DESC LIMIT 1', (seq + 1) * PIECES_PER_SEQ - 1);
    const [row] = found.toArray();
    if (row === undefined) return;
    const firstSeq = Math.floor(row.id / PIECES_PER_SEQ);
    let skip = seq - firstSeq;
    let open: string[] = [];
    for (const { text } of this.#rowsFrom(firstSeq * PIECES_PER_SEQ)) {
      open.push(text);
      // A long line is put together once, at its end: it lies in many rows.
      if (!text.includes('\n')) continue;
      const lines = open.join('').split('\n');
      open = [lines.pop() ?? ''];
      for (const line of lines) {
        if (skip > 0) skip -= 1;
        else yield line;
      }
    }
  }

  readEvents(): readonly RunEvent[] {
    return Array.from(this.read(), (line) => JSON.parse(line) as RunEvent);
  }

  /** The events as they are without redaction, as far as `sealed` has them, and those that it has, as they may be shown: `lost` counts values that could not be opened. */
  withRaw(sealed: ReadonlyMap<number, JsonValue | undefined>): RawEvents {
    const shown = this.readEvents();
    const raw = new Map<number, RunEvent>();
    let lost = 0;
    for (const [seq, value] of sealed) {
      if (seq < 0) continue;
      if (!Array.isArray(value)) lost += 1;
      else for (const event of value as unknown as readonly RunEvent[]) raw.set(event.seq, event);
    }
    if (raw.size === 0) return { events: shown, shown: [], lost };
    return { events: shown.map((event) => raw.get(event.seq) ?? event), shown: shown.filter(({ seq }) => raw.has(seq)), lost };
  }

  #write(group: readonly RunEvent[], sealed?: 'unsealed' | { readonly seq: number; readonly data: Uint8Array }): Promise<void> | undefined {
    if (this.#closed) throw new Error('the journal of this run is closed');
    const { storage, onWrite, announce } = this.#options;
    const rows = buildRows(group);
    // After an abandoned life of the run, or beside another object of it, nothing may be written twice.
    if (group[0]?.seq !== this.#nextSeq) throw new Error(`the journal goes on with event ${this.#nextSeq}, not with ${group[0]?.seq}`);
    const write = (): void => {
      if (!this.#hasTable) storage.sql.exec('CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
      for (const row of rows) this.#insert(row);
      if (typeof sealed === 'object') this.#options.sealed.write(sealed.seq, sealed.data);
      onWrite(group, sealed === 'unsealed');
    };
    // One statement is atomic by itself, and most groups need no more.
    const isPlain = rows.length === 1 && (rows[0]?.text.length ?? 0) <= MAX_PIECE && sealed === undefined && this.#hasTable;
    if (isPlain && group.at(-1)?.type !== 'run.finished') write();
    else storage.transactionSync(write);
    this.#hasTable = true;
    this.#nextSeq += group.length;
    announce(group, () => rows.map(({ text }) => text).join(''));
    this.#sinceBreath += group.length;
    this.#lengthSinceBreath += rows.reduce((length, { text }) => length + text.length, 0);
    if (this.#sinceBreath < BREATH_EVENTS && this.#lengthSinceBreath < BREATH_CHARACTERS) return undefined;
    this.#sinceBreath = 0;
    this.#lengthSinceBreath = 0;
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  #insert({ id, text }: Row): void {
    if (text.length <= MAX_PIECE) {
      this.#options.storage.sql.exec('INSERT INTO journal VALUES (?, ?)', id, text);
      return;
    }
    splitText(text).forEach((piece, index) => {
      this.#options.storage.sql.exec('INSERT INTO journal VALUES (?, ?)', id + index, piece);
    });
  }

  /** In pages, each read to its end: a cursor that a reader leaves is open until it is collected, and locks tables meanwhile. */
  *#rowsFrom(firstId: number): Generator<Row> {
    const { sql } = this.#options.storage;
    for (let from = firstId; ; ) {
      const rows = sql.exec<Row>('SELECT id, text FROM journal WHERE id >= ? ORDER BY id LIMIT ?', from, ROWS_AT_ONCE).toArray();
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) return;
      from = last.id + 1;
    }
  }

  #countEvents(): number {
    const { sql } = this.#options.storage;
    const [last] = sql.exec<{ id: number }>('SELECT id FROM journal ORDER BY id DESC LIMIT 1').toArray();
    if (last === undefined) return 0;
    const firstSeq = Math.floor(last.id / PIECES_PER_SEQ);
    let count = 0;
    for (const { text } of this.#rowsFrom(firstSeq * PIECES_PER_SEQ)) count += text.split('\n').length - 1;
    return firstSeq + count;
  }
}

type Row = { readonly id: number; readonly text: string };

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

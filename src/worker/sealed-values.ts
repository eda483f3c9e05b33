import type { JsonValue } from '../program/json.ts';
import { mergeSecrets, type Secret } from '../program/secret.ts';
import type { Sealer } from './sealer.ts';

/** A row of a Durable Object's SQLite holds 2 MB. */
const MAX_ROW_BYTES = 1_900_000;

/**
 * What a resumed run needs and no file may show, sealed in the run's own database until the run is over: one value for each `seq` of the journal. Without a sealer nothing
 * is kept.
 */
export class SealedValues {
  readonly #sql: SqlStorage;
  readonly #object: string;
  /** Set before anything is sealed or opened. */
  sealer: Sealer | undefined;
  /** Sealed with every value: what is in it has to be found again by a host in which these are other secrets by then. `readAll` adds those that it finds. */
  secrets: readonly Secret[] = [];

  /** `object` is the id of the Durable Object: what is sealed in one opens in no other. */
  constructor(sql: SqlStorage, object: string) {
    this.#sql = sql;
    this.#object = object;
  }

  /** What `write` takes for that `seq`; undefined when nothing can be sealed. */
  async seal(seq: number, value: unknown): Promise<Uint8Array | undefined> {
    return this.sealer?.seal(JSON.stringify({ value, secrets: this.secrets }), this.#placeOf(seq));
  }

  write(seq: number, data: Uint8Array): void {
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS sealed (seq INTEGER NOT NULL, piece INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (seq, piece)) WITHOUT ROWID',
    );
    this.#sql.exec('DELETE FROM sealed WHERE seq = ?', seq);
    for (let start = 0, piece = 0; start < data.length; start += MAX_ROW_BYTES, piece += 1) {
      this.#sql.exec('INSERT INTO sealed VALUES (?, ?, ?)', seq, piece, data.slice(start, start + MAX_ROW_BYTES).buffer);
    }
  }

  /** By their `seq`, in order; undefined for one that this host cannot open. */
  async readAll(): Promise<ReadonlyMap<number, JsonValue | undefined>> {
    const pieces = new Map<number, Uint8Array[]>();
    for (const { seq, data } of this.#rows()) {
      const known = pieces.get(seq) ?? [];
      known.push(new Uint8Array(data));
      pieces.set(seq, known);
    }
    const values = new Map<number, JsonValue | undefined>();
    for (const [seq, parts] of pieces) {
      const text = await this.sealer?.open(await joined(parts), this.#placeOf(seq));
      // Only this file seals.
      const opened = text === undefined ? undefined : (JSON.parse(text) as SealedValue);
      values.set(seq, opened?.value);
      this.secrets = mergeSecrets(this.secrets, opened?.secrets ?? []);
    }
    return values;
  }

  isEmpty(): boolean {
    return !this.#hasTable() || this.#sql.exec('SELECT 1 FROM sealed LIMIT 1').toArray().length === 0;
  }

  /** The table stays: nothing but its rows can go while anything of this database is being read. */
  forget(): void {
    if (this.#hasTable()) this.#sql.exec('DELETE FROM sealed');
  }

  #hasTable(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'sealed'").toArray().length > 0;
  }

  #rows(): Iterable<SealedRow> {
    if (!this.#hasTable()) return [];
    return this.#sql.exec<SealedRow>('SELECT seq, data FROM sealed ORDER BY seq, piece').toArray();
  }

  #placeOf(seq: number): string {
    return `${this.#object}/${seq}`;
  }
}

interface SealedValue {
  readonly value: JsonValue;
  readonly secrets: readonly Secret[];
}

type SealedRow = { readonly seq: number; readonly data: ArrayBuffer };

async function joined(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

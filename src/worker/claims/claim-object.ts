import { DurableObject } from 'cloudflare:workers';
import type { WorkerEnv } from '../worker-env.ts';

/** Who came first with a key. */
export interface Claim {
  /** The run that the key stands for. */
  readonly run: string;
  /** Of what the first one asked for. */
  readonly fingerprint: string;
  /** It was nobody's before. */
  readonly fresh: boolean;
}

export interface ClaimAsk {
  readonly key: string;
  readonly fingerprint: string;
  readonly run: string;
  /** How long the key stands, in ms. */
  readonly ttlMs: number;
}

/** Keys that may be used once: each stands for one run until its time is over. One object holds one part of all keys (`claim`). */
export class ClaimObject extends DurableObject<WorkerEnv> {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: WorkerEnv) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, run TEXT NOT NULL, fingerprint TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID',
    );
    this.#sql.exec('CREATE INDEX IF NOT EXISTS claims_until ON claims (until)');
  }

  /** The first with a key gets it; all others learn what it stands for. */
  async claim({ key, fingerprint, run, ttlMs }: ClaimAsk): Promise<Claim> {
    const now = Date.now();
    const [known] = this.#sql
      .exec<{ run: string; fingerprint: string }>('SELECT run, fingerprint FROM claims WHERE key = ? AND until > ?', key, now)
      .toArray();
    if (known !== undefined) return { ...known, fresh: false };
    this.#sql.exec('INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?)', key, run, fingerprint, now + ttlMs);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + ttlMs);
    return { run, fingerprint, fresh: true };
  }

  /** Gives a key back, if it is that run's. */
  async release(key: string, run: string): Promise<void> {
    this.#sql.exec('DELETE FROM claims WHERE key = ? AND run = ?', key, run);
  }

  /** Forgets what is over, and comes back for the rest. */
  override async alarm(): Promise<void> {
    this.#sql.exec('DELETE FROM claims WHERE until <= ?', Date.now());
    const [next] = this.#sql.exec<{ until: number | null }>('SELECT MIN(until) AS until FROM claims').toArray();
    if (next?.until !== null && next?.until !== undefined) await this.ctx.storage.setAlarm(Math.max(next.until, Date.now() + MIN_PAUSE_MS));
  }
}

/** Many keys end at nearly the same time: they are deleted together. */
const MIN_PAUSE_MS = 60_000;

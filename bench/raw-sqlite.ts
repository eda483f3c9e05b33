import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Subject } from './harness.ts';

/** What the system does at the end of each transaction: `NORMAL` leaves it to the system when the log reaches the disk, `FULL` waits for it. */
type Synchronous = 'NORMAL' | 'FULL';

/** µs a row: each a transaction of its own in a log that is written ahead (WAL), as workerd keeps the data of Durable Objects. */
export function rawInserts(name: string, folder: string, count: number, synchronous: Synchronous): Subject {
  return {
    name,
    measure: () => {
      const database = new DatabaseSync(join(folder, `raw-${crypto.randomUUID()}.sqlite`));
      database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; CREATE TABLE events (seq INTEGER PRIMARY KEY, text TEXT)`,
      );
      const insert = database.prepare('INSERT INTO events VALUES (?, ?)');
      let n = 1;
      const startedAt = performance.now();
      for (let index = 0; index < count; index += 1) {
        n += index;
        insert.run(index, JSON.stringify({ seq: index, at: Date.now(), type: 'agent.finished', agent: `a${index}`, output: { n } }));
      }
      const elapsed = performance.now() - startedAt;
      database.close();
      return (elapsed * 1_000) / count;
    },
  };
}

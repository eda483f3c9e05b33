import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { listNames } from '../reporters/words.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { type Checkpoint, CheckpointReader } from './checkpoints.ts';
import { readRecord } from './read-record.ts';

/**
 * `ensemble checkpoints`: the points of a run at which its state can be looked at and from which it can be forked, by number.
 * @throws UsageProblem when there is no such run.
 */
export function showCheckpoints(text: string, { json }: { readonly json?: boolean }, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const { events } = await readRecord(text, host);
    const reader = new CheckpointReader();
    const found: Checkpoint[] = [];
    for await (const event of events) {
      const checkpoint = reader.read(event);
      if (checkpoint !== undefined) found.push(checkpoint);
    }
    if (json === true) printJson(found, io);
    else if (found.length === 0) io.stdout.write('no agent of it has ended yet\n');
    else io.stdout.write(`${alignColumns([HEADS, ...found.map(rowOf)]).join('\n')}\n`);
    return EXIT.done;
  });
}

const HEADS = ['#', 'AGENT', 'STATUS', 'AFTER', 'TOOK', 'SET'];

function rowOf({ number, agent, status, after_ms, duration_ms, set }: Checkpoint): readonly string[] {
  const took = duration_ms === undefined ? '' : formatDuration(duration_ms);
  return [String(number), harmlessLine(agent), status, after_ms === undefined ? 'kept' : formatDuration(after_ms), took, listNames(set)];
}

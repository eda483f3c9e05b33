import { relative } from 'node:path';
import { findProject } from '../../node/find-project.ts';
import { readHostStatus } from '../../node/host-process/control-host.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';

export interface StatusOptions {
  readonly json?: boolean;
}

/** `ensemble host status`. With `--json` `{"running": false}` when none is up. */
export async function showHostStatus(options: StatusOptions, io: Io): Promise<ExitCode> {
  const status = await readHostStatus(findProject(io.cwd));
  if (options.json === true) {
    printJson({ running: status !== undefined, ...status }, io);
    return EXIT.done;
  }
  if (status === undefined) {
    io.stdout.write('No host is up for this project: the next command that needs one starts it.\n');
    return EXIT.done;
  }
  const { workerd } = status;
  const memory = workerd?.rss_bytes === undefined ? '' : `, ${formatBytes(workerd.rss_bytes)}`;
  const rows: [string, string][] = [
    ['host', `pid ${status.pid}, up for ${formatDuration(status.uptime_ms)}`],
    ['version', `${status.version}${status.outdated ? ' (another build or configuration: the next command replaces this host)' : ''}`],
    ['runtime', workerd === undefined ? 'being started' : `workerd, pid ${workerd.pid}${memory}`],
    ...(status.url === undefined ? [] : [['serves', `${status.url} (ensemble dev)`] as [string, string]]),
    ['runs', runsText(status.working, status.waiting)],
    ['commands', `${status.clients} connected`],
    ['data', relative(io.cwd, status.data_folder) || '.'],
    ['socket', status.socket],
    ['log', relative(io.cwd, status.log_file)],
  ];
  for (const line of alignColumns(rows.map(([name, value]) => [name, harmlessLine(value)]))) io.stdout.write(`${line}\n`);
  return EXIT.done;
}

function runsText(working: readonly string[], waiting: readonly string[]): string {
  if (working.length + waiting.length === 0) return 'none at work';
  return [count(working, 'at work'), count(waiting, 'waiting')].filter((text) => text !== '').join(', ');
}

function count(runs: readonly string[], what: string): string {
  return runs.length === 0 ? '' : `${runs.length} ${what}`;
}

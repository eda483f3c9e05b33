import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** `2 × AMD EPYC, 24 GB, Linux 6.18.44, Node 24.21.0, x64, load 0.4`. The load is that of the minute before: much more than 1 (the benchmarks before this one) says that others were at work on it. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const kernel = /^[\d.]+/.exec(release())?.[0] ?? release();
  return `${cores.length} × ${cores[0]?.model ?? 'unknown'}, ${memory} GB, ${type()} ${kernel}, Node ${process.versions.node}, ${process.arch}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

/** The short hash of the commit that is checked out; a `+` behind it says that `src/` or the benchmarks themselves were changed since. Without git: `unknown`. */
export function describeCommit(): string {
  const git = (...args: readonly string[]): string =>
    spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed = git('status', '--porcelain', '--', '../src', '*.ts', 'peers') !== '';
  return commit === '' ? 'unknown' : `${commit}${changed ? '+' : ''}`;
}

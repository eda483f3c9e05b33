import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { HostCalls, RunSummary } from '../../../src/program/host-calls.ts';
import { writeProject } from '../../support/written-project.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { NOW, openSummary, serveRuns, summaryOf } from './summaries.ts';

const DAY = 86_400_000;
const old = (index: number, days: number, extra: Partial<RunSummary> = {}) =>
  summaryOf(index, { started_at: NOW - days * DAY - 2_000, finished_at: NOW - days * DAY, ...extra });
const ids = (runs: readonly RunSummary[]) => runs.map(({ run }) => run);

/** The hexadecimal id that the fake host has for a run. */
const objectOf = (run: string) => Buffer.from(run).toString('hex').padEnd(64, '0').slice(0, 64);

async function prune(known: readonly RunSummary[], args: readonly string[], leftovers: readonly string[] = []) {
  using written = writeProject({ 'package.json': '{}' });
  const folder = join(written.root, '.ensemble/v3/do/ensemble-RunObject');
  mkdirSync(folder, { recursive: true });
  const objects = [...known.map(({ run }) => objectOf(run)), ...leftovers];
  for (const object of objects) {
    writeFileSync(join(folder, `${object}.sqlite`), 'x'.repeat(1_000));
    utimesSync(join(folder, `${object}.sqlite`), (NOW - DAY) / 1_000, (NOW - DAY) / 1_000);
  }
  writeFileSync(join(folder, `${'f'.repeat(64)}.sqlite`), 'of a run that begins');
  utimesSync(join(folder, `${'f'.repeat(64)}.sqlite`), NOW / 1_000, NOW / 1_000);
  const host = createFakeHost([]);
  serveRuns(host, known);
  host.replies = {
    ...host.replies,
    forget: (ask) => {
      const { runs, objects: asked = [] } = ask as HostCalls['forget']['ask'];
      return { forgotten: runs, objects: [...runs.map(objectOf), ...asked.filter((object) => leftovers.includes(object))] };
    },
  };
  const io = createFakeIo({ cwd: written.root });
  const code = await main(['prune', ...args], io, host.open);
  const forgets = host.calls.filter(({ name }) => name === 'forget').map(({ ask }) => ask as HostCalls['forget']['ask']);
  return {
    code,
    stdout: io.stdout.text,
    stderr: io.stderr.text,
    forgotten: forgets.flatMap(({ runs, dry }) => (dry === true ? [] : runs)),
    forgets,
    left: objects.filter((object) => existsSync(join(folder, `${object}.sqlite`))),
    files: readdirSync(folder).length,
  };
}

describe('ensemble prune', () => {
  const runs = [summaryOf(1), old(2, 10), old(3, 29.9), old(4, 31), old(5, 40, { status: 'failed' }), old(6, 50, { ensemble: 'imports' })];

  test('deletes the runs that ended so long ago, and their files', async () => {
    const done = await prune(runs, ['--older-than', '30d']);
    expect(done.code).toBe(0);
    expect(done.forgotten).toEqual(ids(runs.slice(3)));
    expect(done.left).toEqual(ids(runs.slice(0, 3)).map(objectOf));
    expect(done.stdout).toBe('deleted 3 runs: 3.0 kB freed\n');
  });

  test('never asks to delete a run that is not over', async () => {
    const open = [openSummary(90_000), openSummary(90_001, { status: 'waiting' }), openSummary(90_002, { status: 'paused' })];
    const done = await prune([...open, ...runs], ['--older-than', '0s']);
    expect(done.forgotten).toEqual(ids(runs));
    expect((await prune(open, ['--older-than', '0s', '--status', 'running'])).code).toBe(2);
  });

  test('keeps the newest of each ensemble', async () => {
    expect((await prune(runs, ['--keep', '2'])).forgotten).toEqual(ids(runs.slice(2, 5)));
    expect((await prune(runs, ['--keep', '1', '--older-than', '30d'])).forgotten).toEqual(ids(runs.slice(3, 5)));
  });

  test('takes only runs of a status or an ensemble', async () => {
    expect((await prune(runs, ['--older-than', '1d', '--status', 'failed'])).forgotten).toEqual(ids(runs.slice(4, 5)));
    expect((await prune(runs, ['--older-than', '1d', '--ensemble', 'imports'])).forgotten).toEqual(ids(runs.slice(5)));
  });

  test('with --dry-run deletes nothing and lists what it would', async () => {
    const done = await prune(runs, ['--older-than', '30d', '--dry-run']);
    expect(done.forgotten).toEqual([]);
    expect(done.forgets.every(({ dry }) => dry === true)).toBe(true);
    expect(done.left).toHaveLength(runs.length);
    expect(done.stdout.split('\n')).toHaveLength(6);
    expect(done.stdout).toMatch(/would delete 3 runs: 3.0 kB\n$/);
  });

  test('removes files in which no run is, but none that was written just now', async () => {
    const leftovers = ['ab'.repeat(32), 'cd'.repeat(32)];
    const done = await prune(runs.slice(0, 1), ['--older-than', '30d'], leftovers);
    expect(done.forgets.at(-1)?.objects?.toSorted()).toEqual([objectOf(runs[0]?.run ?? ''), ...leftovers].toSorted());
    expect(done.left).toEqual([objectOf(runs[0]?.run ?? '')]);
    expect(done.files).toBe(2);
    expect(done.stdout).toBe('deleted 0 runs and 2 leftover files: 2.0 kB freed\n');
  });

  test('with --json says what it deleted', async () => {
    const { stdout } = await prune(runs, ['--older-than', '45d', '--json']);
    expect(JSON.parse(stdout)).toEqual({ runs: [runs[5]?.run], leftovers: 0, bytes: 1_000, dry_run: false });
  });

  test('asks the host for many in parts', async () => {
    const many = Array.from({ length: 450 }, (_, index) => old(index, 60));
    const done = await prune(many, ['--older-than', '30d']);
    expect(done.forgets.map(({ runs: part }) => part.length)).toEqual([200, 200, 50]);
    expect(done.left).toEqual([]);
  });

  test.each([[[]], [['--status', 'failed']], [['--older-than', '30']], [['--keep', 'all']]])('%j is a wrong command line', async (args) => {
    expect(await prune(runs, args)).toMatchObject({ code: 2, forgets: [], stdout: '' });
  });
});

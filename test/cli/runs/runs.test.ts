import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { RunSummary } from '../../../src/program/host-calls.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { NOW, openSummary, serveRuns, summaryOf } from './summaries.ts';

async function runs(known: readonly RunSummary[], args: readonly string[] = [], options: FakeIoOptions = {}) {
  const host = createFakeHost([]);
  serveRuns(host, known);
  const io = createFakeIo(options);
  const code = await main(['runs', ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, asks: host.calls.map(({ ask }) => ask), closed: host.closed };
}

const failed = summaryOf(1, { status: 'failed', agent: 'charge', failure: { code: 'HTTP_STATUS', message: 'it answered\n500' } });
const waiting = openSummary(2, {
  status: 'waiting',
  waiting: [
    { agent: 'review', reason: 'approval', prompt: 'Pay 5?' },
    { agent: 'hold', reason: 'signal', signal: 'go' },
  ],
});

describe('ensemble runs', () => {
  test('lists runs, newest first, with why they failed and what they wait for', async () => {
    const { code, stdout, closed } = await runs([summaryOf(3), failed, waiting, openSummary(4, { ensemble: 'imports' })]);
    expect(code).toBe(0);
    expect(stdout).toBe(`RUN       STATUS     STARTED               DURATION  ENSEMBLE
00000001  failed     2027-01-15 07:59:00Z  2.0 s     shop      charge HTTP_STATUS: it answered 500
00000002  waiting    2027-01-15 07:58:00Z  2 m 00 s  shop      review waits for an approval: Pay 5? and 1 more
00000003  succeeded  2027-01-15 07:57:00Z  2.0 s     shop
00000004  running    2027-01-15 07:56:00Z  4 m 00 s  imports
`);
    expect(closed).toBe(1);
  });

  test('with --json prints one array with all of them, newest first', async () => {
    const known = Array.from({ length: 1_203 }, (_, index) => summaryOf(index));
    const { stdout, stderr, asks } = await runs(known, ['--json']);
    expect(JSON.parse(stdout)).toEqual(known);
    expect(stderr).toBe('');
    expect(asks).toHaveLength(3);
  });

  test('prints an empty array when there are none, and for people says so', async () => {
    expect(await runs([], ['--json'])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await runs([])).toMatchObject({ code: 0, stdout: '', stderr: 'There is no run in the data of this project yet.\n' });
    expect((await runs([summaryOf(1)], ['imports', '--status', 'failed'])).stderr).toBe(
      'There is no such run of imports in the data of this project.\n',
    );
  });

  test('shows 20 and says when there are more', async () => {
    const known = Array.from({ length: 21 }, (_, index) => summaryOf(index));
    const { stdout, stderr } = await runs(known);
    expect(stdout.split('\n')).toHaveLength(22);
    expect(stderr).toBe('There are more: --limit N or --all shows them.\n');
    expect((await runs(known.slice(1))).stderr).toBe('');
    expect((await runs(known, ['--all'])).stdout.split('\n')).toHaveLength(23);
    expect(JSON.parse((await runs(known, ['--json', '--limit', '2'])).stdout)).toEqual(known.slice(0, 2));
  });

  test('asks for what its filters say', async () => {
    const { asks } = await runs([], ['shop', '--status', 'Running, failed', '--since', '2h', '--until', '2027-01-15', '--json']);
    expect(asks).toEqual([
      { ensemble: 'shop', statuses: ['running', 'failed'], since: NOW - 7_200_000, until: Date.UTC(2027, 0, 15), limit: 500 },
    ]);
  });

  test('goes on behind a run with --before', async () => {
    const known = Array.from({ length: 5 }, (_, index) => summaryOf(index));
    const { stdout } = await runs(known, ['--before', '00000002', '--json']);
    expect(JSON.parse(stdout)).toEqual(known.slice(3));
  });

  test('tells of a run at work that has said nothing for ten minutes, or as long as it is told, that it is stalled', async () => {
    const silent = openSummary(30, { last_event_at: NOW - 10 * 60_000 });
    const speaks = openSummary(31, { last_event_at: NOW - 10 * 60_000 + 1 });
    const patient = openSummary(32, {
      status: 'waiting',
      last_event_at: NOW - 9_000_000,
      waiting: [{ agent: 'a', reason: 'time', until: NOW }],
    });
    const known = [silent, speaks, patient];
    const { stdout } = await runs(known);
    expect(stdout.split('\n').map((line) => line.includes('stalled: nothing for 10 m 00 s'))).toEqual([false, true, false, false, false]);
    expect(stdout).toContain('a waits until 2027-01-15T08:00:00.000Z');
    expect(JSON.parse((await runs(known, ['--json'])).stdout).map(({ stalled }: { stalled?: boolean }) => stalled)).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect((await runs(known, ['--stalled-after', '1h'])).stdout).not.toContain('stalled');
  });

  test('shows as much of the ids as tells them apart', async () => {
    const ids = [`${'x'.repeat(20)}abcdef`, `${'x'.repeat(16)}yxxxabcdef`];
    const { stdout } = await runs(ids.map((run, index) => summaryOf(index, { run })));
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(' ')[0]),
    ).toEqual(['xxxxabcdef', 'yxxxabcdef'].map((id) => id.slice(-10)));
  });

  test('cuts lines to the width of a terminal, paints the status, and lets nothing repaint it', async () => {
    const hostile = summaryOf(1, {
      ensemble: 'a\u001b[2Jb',
      status: 'failed',
      failure: { code: 'HTTP_STATUS', message: `\u001b]0;title\u0007${'long '.repeat(50)}` },
    });
    const { stdout } = await runs([hostile], [], { tty: true, columns: 70, env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[31mfailed\u001b[39m');
    expect(stdout).not.toContain('\u001b[2J');
    expect(stdout).not.toContain('title');
    expect(stdout.split('\n')[1]).toMatch(/…$/);
  });

  test.each([
    [['--status', 'faild'], '--status does not know "faild": did you mean failed?'],
    [['--since', 'yesterday'], '--since takes a duration'],
    [['--since', '30'], '--since takes a duration'],
    [['--stalled-after', 'soon'], '--stalled-after takes a duration'],
    [['--limit', '0'], 'It takes a whole number, 1 or more'],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stderr, closed } = await runs([], args);
    expect({ code, closed }).toEqual({ code: 2, closed: 0 });
    expect(stderr).toContain(message);
  });
});

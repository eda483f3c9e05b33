import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { ScopeChange, ScopeContent, ScopePoint, ScopeSummary } from '../../../src/program/state-calls.ts';
import { atLimit } from '../../support/at-limit.ts';
import type { FakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo } from '../support/fake-io.ts';
import { asksOf, CONTENT, CONTROLS, EVIL, key, NOW, runState, stateHost, VISITS } from './support.ts';

const change = (version: number, name: string, value: ScopeChange['value'], more: Partial<ScopeChange> = {}): ScopeChange => ({
  key: name,
  tainted: false,
  at: NOW - 10_000 + version,
  committed_at: NOW - 10_000 + version,
  version,
  run: 'run-1',
  agent: 'count',
  ...(value === undefined ? { deleted: true } : { value }),
  ...more,
});

/** Pages of two changes each. */
function withHistory(changes: () => readonly ScopeChange[], scopes: readonly ScopeSummary[] = [VISITS]) {
  return stateHost((ask) => {
    if (ask.action !== 'history') return undefined;
    const all = changes().filter((one) => ask.key === undefined || one.key === ask.key);
    const page = all.slice(ask.after ?? 0, (ask.after ?? 0) + 2);
    return { type: 'history', changes: page, ...(page.length === 0 ? {} : { next: (ask.after ?? 0) + page.length }) };
  }, scopes);
}

describe('ensemble state history', () => {
  const story = [
    change(1, 'total', 1, { attempt: 1 }),
    change(2, 'token', 'the secret itself', { attempt: 3 }),
    change(3, 'total', 2, { tainted: true, valid_until: NOW - 5_000 }),
    change(4, 'total', undefined, { run: 'cli', agent: 'state delete' }),
    change(5, 'total', 3, { valid_until: NOW + 50_000 }),
  ];

  test('tells every value of a key, with who wrote it and how long it was valid', async () => {
    const { stdout } = await runState(
      ['history', 'visits', 'total'],
      withHistory(() => story),
    );
    expect(stdout.split('\n')).toEqual([
      'VERSION  WRITTEN               KEY    VALUE      BY              NOTES',
      '1        2027-01-15 07:59:50Z  total  1          count of run-1',
      '3        2027-01-15 07:59:50Z  total  2          count of run-1  tainted, valid for 5.0 s, expired',
      '4        2027-01-15 07:59:50Z  total  (deleted)  state delete',
      '5        2027-01-15 07:59:50Z  total  3          count of run-1  valid for 1 m 00 s',
      '',
    ]);
  });

  test('prints all pages as one JSON array, secrets covered', async () => {
    const { stdout } = await runState(
      ['history', 'visits', '--json'],
      withHistory(() => story),
    );
    expect(JSON.parse(stdout).map((one: ScopeChange) => [one.version, one.value, one.attempt])).toEqual([
      [1, 1, 1],
      [2, '[secret token]', 3],
      [3, 2, undefined],
      [4, undefined, undefined],
      [5, 3, undefined],
    ]);
  });

  test('takes patterns and a limit', async () => {
    const { stdout } = await runState(
      ['history', 'visits', 't*l', '--limit', '2', '--json'],
      withHistory(() => story),
    );
    expect(JSON.parse(stdout).map(({ version }: ScopeChange) => version)).toEqual([4, 5]);
  });

  test('fails for a key that never was', async () => {
    const reply = await runState(
      ['history', 'visits', 'absent'],
      withHistory(() => story),
    );
    expect(reply).toMatchObject({ code: 1, stderr: 'error: the scope "visits" never had a key "absent"\n' });
  });
});

describe('ensemble state diff', () => {
  const before: ScopeContent = {
    version: 1,
    keys: [key('gone', 1), key('total', 1), key('price', 4, { valid_until: NOW - 1 }), key('same', 'x')],
  };
  const after: ScopeContent = {
    version: 4,
    committed_at: NOW - 120_000,
    keys: [
      key('pages', ['/a'], { version: 2, attempt: 2 }),
      key('price', 4, { valid_until: NOW - 1 }),
      key('same', 'x'),
      key('token', 'the secret itself', { version: 3 }),
      key('total', 2, { version: 4 }),
    ],
  };
  const host = () =>
    stateHost((ask) => {
      if (ask.action !== 'read') return undefined;
      return ask.point === undefined
        ? { type: 'content', content: after, at: NOW }
        : { type: 'content', content: before, at: NOW - 3_600_000 };
    });

  test('tells what was created, updated, deleted and expired, and how far it got', async () => {
    const { stdout, code } = await runState(['diff', 'visits', '--since', '1h'], host());
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'from version 1 (2027-01-15 07:00:00Z) to version 4 (2027-01-15 08:00:00Z)',
      'created  pages  ["/a"]            count of run-1, attempt 2',
      'created  token  "[secret token]"  count of run-1',
      'updated  total  1 → 2             count of run-1',
      'deleted  gone   1',
      'expired  price  4',
      'progress: 3 of 4, missing price',
      'last change: 2027-01-15 07:58:00Z, 2 m 00 s before',
      '',
    ]);
  });

  test('says the same as JSON', async () => {
    const { stdout } = await runState(['diff', 'visits', '--since', '1h', '--json', '--stalled-after', '2m'], host());
    expect(JSON.parse(stdout)).toEqual({
      backend: 'd1',
      binding: 'DB',
      scope: 'visits',
      since: { at: NOW - 3_600_000, version: 1 },
      until: { at: NOW, version: 4 },
      created: [
        { key: 'pages', after: ['/a'], run: 'run-1', agent: 'count', attempt: 2 },
        { key: 'token', after: '[secret token]', run: 'run-1', agent: 'count' },
      ],
      updated: [{ key: 'total', before: 1, after: 2, run: 'run-1', agent: 'count' }],
      deleted: [{ key: 'gone', before: 1 }],
      expired: [{ key: 'price', before: 4 }],
      last_change_at: NOW - 120_000,
      stalled: true,
      progress: { done: 3, expected: 4, missing: ['price'] },
    });
  });

  /** How the line ends of keys that the schema names and that are not there. */
  const missing = async (count: number) => {
    const schema = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, { schema: {}, secret: false }]));
    const nothing = stateHost(
      (ask) => (ask.action === 'read' ? { type: 'content', content: { keys: [] }, at: NOW } : undefined),
      [{ ...VISITS, schema }],
    );
    return /missing (.*)/
      .exec((await runState(['diff', 'visits', '--since', '1h'], nothing)).stdout)?.[1]
      ?.split(', ')
      .slice(-1);
  };
  atLimit('src/cli/state/show-scope-diff.ts MOST_MISSING', {
    within: async (count) => expect(await missing(count)).toEqual([`k${count - 1}`]),
    beyond: async (count) => expect(await missing(count)).toEqual(['…']),
  });

  test('is stalled once nothing changed for so long, but not when all that is expected is there', async () => {
    const stalled = async (...args: string[]) =>
      JSON.parse((await runState(['diff', 'visits', '--since', '1', '--json', ...args], host())).stdout).stalled;
    expect(await stalled('--stalled-after', '121s')).toBe(false);
    expect(await stalled('--stalled-after', '120s')).toBe(true);
    expect(await stalled('--stalled-after', '120s', '--expect', 'total,pages')).toBe(false);
    expect(await stalled()).toBe(false);
  });

  test.each<[string, ScopePoint]>([
    ['12', { type: 'version', version: 12 }],
    ['v12', { type: 'version', version: 12 }],
    ['1h30m', { type: 'time', at: NOW - 5_400_000 }],
    ['2027-01-01', { type: 'time', at: Date.UTC(2027, 0, 1) }],
    ['snapshot:12', { type: 'snapshot', name: '12' }],
    ['01m7z5cdz229wsr8855hbdka21', { type: 'before-run', run: '01m7z5cdz229wsr8855hbdka21' }],
  ])('takes %s as a point', async (text, point) => {
    const fake = host();
    await runState(['diff', 'visits', '--since', text], fake);
    expect(asksOf(fake).flatMap((ask) => (ask.action === 'read' && ask.point !== undefined ? [ask.point] : []))).toEqual([point]);
  });

  test('ends after the last write of the run that --until names', async () => {
    const fake = host();
    const run = '01m7z5cdz229wsr8855hbdka21';
    await runState(['diff', 'visits', '--since', run, '--until', run], fake);
    expect(asksOf(fake).flatMap((ask) => (ask.action === 'read' ? [ask.point] : []))).toEqual([
      { type: 'before-run', run },
      { type: 'after-run', run },
    ]);
  });

  test('refuses a point that is none', async () => {
    expect(await runState(['diff', 'visits', '--since', '?'], host())).toMatchObject({ code: 2 });
    expect(await runState(['diff', 'visits', '--since', '1h', '--stalled-after', 'soon'], host())).toMatchObject({ code: 2 });
  });
});

describe('ensemble state watch', () => {
  /** The command is looking by now. */
  async function begun(host: FakeHost): Promise<void> {
    await expect.poll(() => asksOf(host).length).toBeGreaterThan(1);
    await rest();
  }

  /** Half a second goes by, and it looks again. */
  async function poll(io: FakeIo, host: FakeHost): Promise<void> {
    const before = asksOf(host).length;
    io.advance(500);
    await expect.poll(() => asksOf(host).length).toBeGreaterThan(before);
    await rest();
  }

  async function rest(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  test('tells each change with the value before and after, and what expires, until Ctrl-C', async () => {
    const story: ScopeChange[] = [];
    const { schema: _, ...unknown } = VISITS;
    const host = withHistory(() => story, [unknown]);
    const io = createFakeIo();
    const done = main(['state', 'watch', 'visits', '--json'], io, host.open);
    await begun(host);
    expect(io.stdout.text).toBe('');
    expect(io.staying).toBe(1);
    story.push(change(4, 'total', 11), change(5, 'total', 12), change(6, 'new', 1, { valid_until: NOW + 2_000, committed_at: NOW }));
    await poll(io, host);
    story.push(change(7, 'pages', undefined, { run: 'cli', agent: 'state delete' }));
    for (let look = 0; look < 3; look++) await poll(io, host);
    io.interrupt();
    expect(await done).toBe(0);
    expect(io.staying).toBe(0);
    const lines = io.stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type, key: name, before, after }) => [type, name, before, after])).toEqual([
      ['updated', 'total', 10, 11],
      ['updated', 'total', 11, 12],
      ['created', 'new', undefined, 1],
      ['deleted', 'pages', ['/docs'], undefined],
      ['expired', 'new', 1, undefined],
    ]);
    expect(lines[4].at).toBe(NOW + 2_000);
    expect(lines[1]).toMatchObject({ version: 5, run: 'run-1', agent: 'count' });
  });

  test('of kv tells what is different each time', async () => {
    let keys = [key('a', 1, { version: undefined as never })];
    const content = (): ScopeContent => ({ keys: keys.map(({ key: name, value }) => ({ key: name, value, tainted: false })) });
    const host = stateHost(
      (ask) => (ask.action === 'read' ? { type: 'content', content: content(), at: NOW } : undefined),
      [{ backend: 'kv', binding: 'KV', scope: 'visits' }],
    );
    const io = createFakeIo();
    const done = main(['state', 'watch', 'visits'], io, host.open);
    await begun(host);
    keys = [key('a', 2), key('b', EVIL)];
    await poll(io, host);
    keys = [key('b', EVIL)];
    await poll(io, host);
    io.stdout.breakPipe();
    expect(await done).toBe(0);
    const lines = io.stdout.text.trimEnd().split('\n');
    expect(lines.map((line) => line.slice('2027-01-15 08:00:00Z  '.length))).toEqual([
      'updated  a  1 → 2',
      expect.stringMatching(/^created {2}b {2}"a/),
      'deleted  a  2',
    ]);
    expect(io.stdout.text).not.toMatch(CONTROLS);
  });

  test('keeps to its pattern and covers secrets', async () => {
    const story: ScopeChange[] = [];
    const host = withHistory(() => story);
    const io = createFakeIo();
    const done = main(['state', 'watch', 'visits', 'to*', '--json'], io, host.open);
    await begun(host);
    story.push(change(4, 'token', 'another secret'), change(5, 'pages', []));
    await poll(io, host);
    io.interrupt();
    await done;
    expect(JSON.parse(io.stdout.text)).toMatchObject({ key: 'token', before: '[secret token]', after: '[secret token]' });
    expect(CONTENT.version).toBe(3);
  });
});

import { describe, expect, test } from 'vitest';
import { chooseReporter, REPORTERS } from '../../../src/cli/reporters/index.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFinished, finished, numberEvents, STARTED } from '../support/events.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { renderScreen } from '../support/screen.ts';

const HTTP_FAILURE = { code: 'HTTP_STATUS', message: 'GET https://api.example.com answered 500', retryable: true } as const;

function report(name: 'plain' | 'live' | 'json' | 'quiet', bodies: readonly EventBody[], options: FakeIoOptions = {}) {
  const io = createFakeIo(options);
  const reporter = REPORTERS[name](io);
  for (const event of numberEvents(bodies)) reporter.event(event);
  reporter.close();
  return io;
}

const STORY: readonly EventBody[] = [
  STARTED,
  { type: 'agent.started', agent: 'fetch', operation: 'http' },
  { type: 'attempt.started', agent: 'fetch', attempt: 1 },
  { type: 'attempt.failed', agent: 'fetch', attempt: 1, failure: HTTP_FAILURE, retry_in_ms: 1_000 },
  { type: 'attempt.started', agent: 'fetch', attempt: 2 },
  { type: 'state.set', agent: 'fetch', values: { rows: [], total: 0 }, writes: { rows: [], total: 0 }, tainted: ['rows'] },
  agentFinished('fetch', {
    attempts: 2,
    duration_ms: 1_530,
    response: { status: 200, ok: true, headers: {}, url: 'https://api.example.com' },
  }),
  { type: 'agent.skipped', agent: 'track-errors', condition: '${fetch.failed}', saw: false },
  { type: 'log', agent: 'sum', level: 'warn', message: 'two\nlines' },
  { type: 'warning', code: 'missing-value', message: '${input.x} is missing', agent: 'sum' },
  {
    type: 'agent.failed',
    agent: 'sum',
    failure: { code: 'CODE_ERROR', message: 'no\nluck', retryable: true },
    attempts: 1,
    duration_ms: 3,
    handled: true,
    tainted: false,
  },
  finished({ usage: { input_tokens: 1_000, output_tokens: 234, cost_usd: 0.0012 } }),
];

describe('the plain reporter', () => {
  test('says each thing on a line of its own, without cursor control or colour', () => {
    const { stdout, stderr } = report('plain', STORY);
    expect(stdout.text).toBe('');
    expect(stderr.text).toBe(
      [
        `shop · 2 agents · run ${'r'.repeat(26)}`,
        '↻ fetch attempt 1 failed, next in 1.0 s: HTTP_STATUS: GET https://api.example.com answered 500',
        '✓ fetch  1.5 s · 2 attempts · HTTP 200 · set rows, total',
        '○ track-errors  skipped: ${fetch.failed} is false',
        '  sum │ two',
        '  sum │ lines',
        '! sum: ${input.x} is missing [missing-value]',
        '✗ sum  3 ms · handled  CODE_ERROR: no luck',
        '✓ done in 1.2 s · 2 steps · 1,234 tokens · $0.0012',
        '',
      ].join('\n'),
    );
  });

  test('control characters and escape sequences in names, logs and errors do not reach the terminal', () => {
    const evil = 'a\u001b[2J\u001b]0;title\u0007b\u009b31mc\u0008\rd\u202ee';
    const { stderr } = report(
      'plain',
      [
        { type: 'log', agent: evil, level: 'info', message: evil },
        {
          type: 'agent.failed',
          agent: evil,
          failure: { ...HTTP_FAILURE, message: evil },
          attempts: 1,
          duration_ms: 1,
          handled: false,
          tainted: false,
        },
        { type: 'warning', code: 'x', message: evil },
        { type: 'agent.skipped', agent: evil, condition: evil, saw: evil },
        { type: 'run.waiting', agent: evil, reason: 'approval', prompt: evil },
      ],
      { env: { NO_COLOR: '1' } },
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stderr.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test('colours come with FORCE_COLOR and go with NO_COLOR', () => {
    expect(report('plain', STORY, { env: { FORCE_COLOR: '1' } }).stderr.text).toContain('\u001b[32m✓');
    expect(report('plain', STORY, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stderr.text).not.toContain('\u001b');
    expect(report('plain', STORY, { tty: true, env: { TERM: 'dumb' } }).stderr.text).not.toContain('\u001b');
  });
});

describe('the live reporter', () => {
  const start = (agent: string): EventBody => ({ type: 'agent.started', agent, operation: 'think' });

  function open(options: FakeIoOptions = {}) {
    const io = createFakeIo({ tty: true, env: { NO_COLOR: '1' }, ...options });
    const reporter = REPORTERS.live(io);
    return {
      io,
      reporter,
      send: (...bodies: EventBody[]) => {
        for (const event of numberEvents(bodies)) reporter.event(event);
      },
      screen: () => renderScreen(io.stderr.text, io.stderr.columns ?? 80),
    };
  }

  test('an agent at work has a line with its time and attempt, which gives way to what became of it', () => {
    const { io, reporter, send, screen } = open();
    send(start('summarize'), { type: 'attempt.started', agent: 'summarize', attempt: 2 });
    io.advance(2_000);
    expect(screen()).toEqual([expect.stringMatching(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] summarize {2}think · 2\.0 s · attempt 2$/u)]);
    send({ type: 'log', agent: 'summarize', level: 'info', message: 'hello' });
    io.advance(80);
    expect(screen()).toEqual(['  summarize │ hello', expect.stringContaining('summarize  think · 2.1 s')]);
    send(agentFinished('summarize', { attempts: 2 }));
    reporter.close();
    expect(screen()).toEqual(['  summarize │ hello', '✓ summarize  12 ms · 2 attempts']);
  });

  test('at the end it has left the same log as the plain reporter', () => {
    const { io, reporter, send, screen } = open({ columns: 200 });
    for (const body of STORY) {
      send(body);
      io.advance(100);
    }
    reporter.close();
    expect(screen()).toEqual(report('plain', STORY).stderr.text.trimEnd().split('\n'));
  });

  test('before the first event it says that it is starting, below what the host has to tell', () => {
    const { io, reporter, send, screen } = open();
    reporter.notice('waiting for another run');
    io.advance(80);
    expect(screen()).toEqual(['· waiting for another run', expect.stringMatching(/^. starting$/u)]);
    send(start('a'));
    io.advance(80);
    expect(screen()).toEqual(['· waiting for another run', expect.stringContaining('a  think')]);
  });

  test('the part that is redrawn stays small, however many agents are at work', () => {
    const { io, send, screen } = open();
    send(...Array.from({ length: 500 }, (_, i) => start(`agent-${i}`)));
    io.advance(80);
    expect(screen()).toHaveLength(10);
    expect(screen().at(-1)).toBe('  and 491 more');
  });

  test('a long name is cut to the width of the terminal, wide characters counted as two', () => {
    const { io, send, screen } = open({ columns: 20 });
    send(start('x'.repeat(300)), start('数'.repeat(50)));
    io.advance(80);
    expect(screen()).toHaveLength(2);
    expect(screen()[0]).toHaveLength(19);
    expect(screen()[1]).toHaveLength(11);
  });

  test('a terminal that becomes narrower keeps a clean picture', () => {
    const { io, reporter, send } = open({ columns: 60 });
    send(start('an-agent-with-a-name-that-takes-most-of-the-line'));
    io.advance(80);
    const wide = io.stderr.text;
    io.stderr.resize(20);
    // The terminal has wrapped the row of 60 into three: all three must go.
    const after = io.stderr.text.slice(wide.length);
    expect(after.startsWith('\u001b[3A\r\u001b[0J')).toBe(true);
    reporter.close();
  });

  test('ten thousand events between two frames are written at once', () => {
    const { io, send } = open();
    let writes = 0;
    const { write } = io.stderr;
    io.stderr.write = (text) => {
      writes += 1;
      write.call(io.stderr, text);
    };
    send(...Array.from({ length: 5_000 }, (_, i) => [start(`a${i}`), agentFinished(`a${i}`)]).flat());
    io.advance(80);
    expect(writes).toBe(1);
    expect(io.stderr.text).toContain('✓ a4999');
  });
});

describe('the json reporter', () => {
  test('writes the events as they are, one a line, and notices to stderr', () => {
    const io = createFakeIo();
    const reporter = REPORTERS.json(io);
    const events = numberEvents(STORY);
    reporter.notice('waiting');
    for (const event of events) reporter.event(event);
    reporter.close();
    expect(
      io.stdout.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
    expect(io.stderr.text).toBe('· waiting\n');
  });

  test('on a terminal control characters become escapes of the same JSON', () => {
    const io = report('json', [{ type: 'log', agent: 'a', level: 'info', message: 'x\u009by\u007f' }], { tty: true });
    expect(io.stdout.text).toContain('x\\u009by\\u007f');
    expect(JSON.parse(io.stdout.text).message).toBe('x\u009by\u007f');
  });
});

describe('the quiet reporter', () => {
  test('says nothing', () => {
    const io = report('quiet', STORY);
    expect(io.stdout.text + io.stderr.text).toBe('');
  });
});

describe('chooseReporter', () => {
  test('options decide first, then the terminal', () => {
    const tty = createFakeIo({ tty: true });
    expect(chooseReporter(tty, { json: true, quiet: true })).toBe('json');
    expect(chooseReporter(tty, { quiet: true })).toBe('quiet');
    expect(chooseReporter(tty, {})).toBe('live');
    expect(chooseReporter(createFakeIo({ tty: true, env: { TERM: 'dumb' } }), {})).toBe('plain');
    expect(chooseReporter(createFakeIo(), {})).toBe('plain');
  });
});

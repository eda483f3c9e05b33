import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, vi } from 'vitest';
import { findProject } from '../../src/node/find-project.ts';
import { hasRoom } from '../../src/node/has-room.ts';
import { answerCompile } from '../../src/node/host-process/compile-answer.ts';
import { chooseSocketPath } from '../../src/node/host-process/socket-path.ts';
import { isOverdue } from '../../src/node/host-process/watchdog-limits.ts';
import { readRegularText } from '../../src/node/read-regular.ts';
import { readRootFile } from '../../src/node/read-root-file.ts';
import { UnreadableText } from '../../src/node/read-text.ts';
import { parseForeign } from '../../src/node/remote/parse-foreign.ts';
import { readRunShapes, writeRunShapes } from '../../src/node/run-shapes.ts';
import { parseConfigText } from '../../src/node/wrangler/parse-config-text.ts';
import { atLimit } from '../support/at-limit.ts';
import { writeProject } from '../support/written-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'ensemble-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('files', () => {
  const file = join(folder, 'file');
  const sized = (bytes: number): string => {
    writeFileSync(file, '');
    truncateSync(file, bytes);
    return file;
  };
  atLimit('src/node/read-root-file.ts MAX_BYTES', {
    within: (bytes) => expect(readRootFile(sized(bytes))).toHaveLength(bytes),
    beyond: (bytes) => expect(() => readRootFile(sized(bytes))).toThrow(new UnreadableText('it is larger than 1 MiB')),
  });
  atLimit('src/node/read-regular.ts MAX_FILE_BYTES', {
    within: (bytes) => expect(readRegularText(sized(bytes))).toHaveLength(bytes),
    beyond: (bytes) => expect(() => readRegularText(sized(bytes))).toThrow(new UnreadableText('it is larger than 16 MiB')),
  });
});

describe('a configuration', () => {
  const deep: readonly (readonly [kind: string, text: (levels: number) => string])[] = [
    // The file itself is a level.
    ['wrangler.jsonc', (levels) => `${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}`],
    ['wrangler.jsonc with lists', (levels) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`],
    ['wrangler.toml', (levels) => `x = ${'{x='.repeat(levels - 1)}1${'}'.repeat(levels - 1)}\n`],
    ['wrangler.toml with lists', (levels) => `x = ${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}\n`],
    [
      'wrangler.toml with headers',
      (levels) =>
        `[${Array(levels - 1)
          .fill('a')
          .join('.')}]\nb = 1\n`,
    ],
  ];
  describe.each(deep)('%s', (kind, text) => {
    const parse = (levels: number) => parseConfigText(text(levels), 'wrangler', kind.includes('toml'));
    atLimit('src/node/wrangler/parse-config-text.ts MAX_DEPTH', {
      within: (levels) => expect(parse(levels)).toBeDefined(),
      beyond: (levels) => expect(() => parse(levels)).toThrow('nested deeper than 100 levels'),
    });
  });
});

describe('the watchdog', () => {
  const call = { calls: 1 };
  const untimed = (ms: number) => isOverdue({ ms, marks: { ...call, untimed: true }, marksAgeMs: ms });
  atLimit('src/node/host-process/watchdog-limits.ts CPU_LIMIT_MS', {
    within: (ms) => expect([untimed(ms - 1), untimed(ms)]).toEqual([false, true]),
    beyond: (ms) => expect(isOverdue({ ms, marks: undefined, marksAgeMs: ms })).toBe(true),
  });
  const timed = (ms: number) => isOverdue({ ms, marks: { ...call, dueInMs: 3_600_000 }, marksAgeMs: ms });
  atLimit('src/node/host-process/watchdog-limits.ts MAX_CPU_LIMIT_MS', {
    within: (ms) => expect([timed(ms - 1), timed(ms)]).toEqual([false, true]),
    beyond: (ms) => expect(timed(ms)).toBe(true),
  });
  const due = (ms: number) => isOverdue({ ms, marks: { ...call, dueInMs: 0 }, marksAgeMs: 10_000 });
  atLimit('src/node/host-process/watchdog-limits.ts LEAST_STANDSTILL_MS', {
    within: (ms) => expect(due(ms)).toBe(true),
    beyond: (ms) => expect(due(ms)).toBe(false),
  });
});

describe('what another machine sends', () => {
  const parse = (levels: number) => parseForeign(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  atLimit('src/node/remote/parse-foreign.ts MAX_LEVELS', {
    within: (levels) => expect(parse(levels)).toHaveLength(1),
    beyond: (levels) => expect(() => parse(levels)).toThrow(SyntaxError),
  });
});

describe('a host', () => {
  atLimit('src/node/has-room.ts LEAST_ROOM_BYTES', {
    within: (bytes) => expect(hasRoom({ bsize: 1, blocks: 1, bfree: bytes, bavail: bytes }, false)).toBe(true),
    beyond: (bytes) => expect(hasRoom({ bsize: 1, blocks: 1, bfree: bytes, bavail: bytes }, false)).toBe(false),
  });
  const compiled = (length: number) => {
    using project = writeProject({ 'ensembles/e.yaml': `ensemble: e\nagents: [] #${'é'.repeat(length - 24)}` });
    return answerCompile({ reference: 'e', cwd: project.root }).type;
  };
  atLimit('src/node/host-process/compile-answer.ts MAX_LENGTH', {
    within: (length) => expect(compiled(length)).toBe('compiled'),
    beyond: (length) => expect(compiled(length)).toBe('too-long'),
  });
  const inRuntimeFolder = (bytes: number) => {
    const own = `ensemble-${process.getuid?.() ?? 0}`;
    const rest = `/${own}/${'0'.repeat(16)}-${'0'.repeat(8)}.sock`.length;
    const base = join(folder, 's'.repeat(bytes - rest - folder.length - 1));
    mkdirSync(base, { recursive: true });
    vi.stubEnv('XDG_RUNTIME_DIR', base);
    const path = chooseSocketPath('/data', join(folder, 'host'));
    vi.unstubAllEnvs();
    return dirname(path) === join(base, own) ? path.length : undefined;
  };
  atLimit('src/node/host-process/socket-path.ts MAX_PATH_BYTES', {
    within: (bytes) => expect(inRuntimeFolder(bytes)).toBe(bytes),
    beyond: (bytes) => expect(inRuntimeFolder(bytes)).toBeUndefined(),
  });
});

describe('the shapes of a run', () => {
  const kept = (length: number) => {
    using written = writeProject({ '.ensemble/v3/x': '' });
    const project = findProject(written.root);
    const shapes = (name: string) => ({ format: 1 as const, agents: { [name]: { kind: 'null' as const } }, state: {} });
    const name = 'n'.repeat(length - JSON.stringify(shapes('')).length);
    writeRunShapes(project, new Map([['e.yaml', shapes(name)]]));
    return Object.keys(readRunShapes(project, 'e.yaml').agents).length;
  };
  atLimit('src/node/run-shapes.ts MAX_LENGTH', {
    within: (length) => expect(kept(length)).toBe(1),
    beyond: (length) => expect(kept(length)).toBe(0),
  });
});

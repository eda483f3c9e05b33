import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { compile } from '../../../src/language/compile.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { createFakeHost, type FakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../support/fake-io.ts';

export const RUN = 'r'.repeat(26);
export const TERMINAL = { tty: true, stdinTty: true } as const;

/** A project in a folder of its own for each test of the file. */
export function useProject(files: Readonly<Record<string, string>> = {}): { root(): string } {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-control-')));
    writeFileSync(join(root, 'package.json'), '{}');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return { root: () => root };
}

export function programOf(text: string, path = 'shop.yaml'): Program {
  const { program, diagnostics } = compile({ path, text }, EMPTY_PROJECT);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return program;
}

export const numbered = (bodies: readonly EventBody[], from = 0): readonly RunEvent[] =>
  bodies.map((body, index) => ({ seq: from + index, at: 1_800_000_000_000 + from + index, run: RUN, ...body }));

type Coming = readonly (EventBody | (() => unknown))[];

async function* streamOf(items: Coming, from: number): AsyncGenerator<RunEvent, void> {
  let seq = from;
  for (const item of items) {
    if (typeof item === 'function') await item();
    else yield* numbered([item], seq++);
  }
}

/** A host that knows one run: what it did, and what comes of it while it is followed. */
export function hostWith(past: readonly EventBody[], coming: Coming = [], program?: Program): FakeHost {
  const host = createFakeHost([]);
  host.recorded.set(RUN, {
    ...(program === undefined ? {} : { program }),
    events: { [Symbol.asyncIterator]: () => streamOf(past, 0) },
    coming: { [Symbol.asyncIterator]: () => streamOf(coming, past.length) },
  });
  return host;
}

export interface Started {
  readonly io: FakeIo;
  readonly code: Promise<number>;
}

export function start(args: readonly string[], host: FakeHost, cwd: string, options: FakeIoOptions = {}): Started {
  const io = createFakeIo({ cwd, ...options, env: { NO_COLOR: '1', USER: 'ann', ...options.env } });
  return { io, code: main(args, io, host.open) };
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
export const silence = (): Promise<never> => new Promise(() => {});

/** Lets time pass until the command ends by itself. */
export async function endOf({ code, io }: Started): Promise<number> {
  let ended = false;
  void code.then(() => {
    ended = true;
  });
  while (!ended) {
    await turn();
    io.advance(50);
  }
  return code;
}

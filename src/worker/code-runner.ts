import type { CodeCallMark } from '../program/code-marks.ts';
import type { JsonObject, JsonValue } from '../program/json.ts';
import type { CodeModule, Program } from '../program/program.ts';
import { onAbort } from '../runtime/on-abort.ts';
import type { CodeOutcome, CodeRunner, CodeScope } from '../runtime/ports.ts';
import { unlessAborted } from '../runtime/unless-aborted.ts';
import type { CarefulTurns } from './careful-turns.ts';
import { type CallText, isScopeTooLarge, type OutcomeText, SCOPE_TOO_LARGE } from './code-harness/protocol.ts';
import type { CodeIsolates } from './code-isolates.ts';
import type { CodeWatch } from './code-watch.ts';
import { LogFollowers } from './follow-logs.ts';

/** Time for an isolate whose call was aborted to end by itself, beyond the engine's own timeout. */
const GRACE_MS = 1_000;
/** A module that came back sooner is not expected to stop the worker the next time: its calls are not told one by one, unless they have a timeout to keep. */
const QUICK_MS = 50;
/** Modules whose last call came back at once. */
const quick = new WeakSet<CodeModule>();

const TOO_LARGE = { ok: false, code: 'OUTPUT_TOO_LARGE', message: SCOPE_TOO_LARGE, logs: [] } as const;
const CANCELLED: CodeOutcome = { ok: false, code: 'CANCELLED', message: 'The call was aborted before it began.', logs: [] };

/** Runs a program's `code` bodies in isolates. `watch`: a watchdog is told what is called. */
export function createCodeRunner(isolates: CodeIsolates, program: Program, watch?: CodeWatch): CodeRunner {
  let calls = 0;
  const prefix = crypto.randomUUID();
  const turns = watch?.turns;
  const followers = new LogFollowers();
  return {
    async call(name, scope, signal, { agent = '', timeoutMs, dueInMs, settle, onLogs } = {}) {
      const module = program.modules[name];
      const file = isolates.fileOf(name);
      if (module === undefined || file === undefined) throw new Error(`the program has no module "${name}"`);
      const given = JSON.stringify(toCallText(scope));
      if (isScopeTooLarge(given)) return TOO_LARGE;
      const isolate = isolates.open(module.network);
      calls += 1;
      const id = `${prefix}-${calls}`;
      const isUnknown = watch !== undefined && (turns !== undefined || !quick.has(module));
      if (isUnknown) {
        const writing = settle?.();
        if (writing !== undefined) await writing;
        if (signal.aborted) return CANCELLED;
      }
      const startedAt = Date.now();
      const limit = limitOf(timeoutMs, dueInMs);
      const mark = { run: watch?.run ?? '', agent, ...limit };
      const over = watch?.marks.begin(mark, isUnknown || limit.limitMs !== undefined);
      const forget = onAbort(signal, () => {
        isolate.abort(id).catch(() => undefined);
      });
      const follower = onLogs === undefined ? undefined : followers.follow(isolate, id, signal, onLogs);
      try {
        const text = await isolate.call(file, given, id, timeoutMs === undefined ? undefined : timeoutMs + GRACE_MS);
        over?.();
        noteTime(module, Date.now() - startedAt);
        await follower?.stop();
        return readOutcome(JSON.parse(text) as OutcomeText, module);
      } catch (error) {
        over?.();
        quick.delete(module);
        await follower?.stop();
        return { ok: false, ...describeFault(error), logs: [] };
      } finally {
        forget();
      }
    },
    ...(watch?.breathMs === undefined ? {} : { turn: openTurns(watch.breathMs, turns) }),
  };
}

/** The first call waits for `breathMs`; each for its turn, where they begin one after another. */
function openTurns(breathMs: number, turns: CarefulTurns | undefined): NonNullable<CodeRunner['turn']> {
  let breath: Promise<void> | undefined;
  return async (signal) => {
    breath ??= scheduler.wait(breathMs);
    await unlessAborted(breath, signal);
    return turns === undefined ? () => {} : turns.take(signal);
  };
}

function limitOf(timeoutMs: number | undefined, dueInMs: number | undefined): Pick<CodeCallMark, 'limitMs' | 'left'> {
  if (dueInMs !== undefined) return { limitMs: Math.max(0, Math.round(dueInMs)), left: true };
  return timeoutMs === undefined ? {} : { limitMs: timeoutMs };
}

function noteTime(module: CodeModule, ms: number): void {
  if (ms < QUICK_MS) quick.add(module);
  else quick.delete(module);
}

function toCallText({ input, state, env, holes, agents, config }: CodeScope): CallText {
  return { input, state, env, holes: holes.map((hole) => (hole === undefined ? [] : [hole])), agents, config };
}

function readOutcome(outcome: OutcomeText, module: CodeModule): CodeOutcome {
  if (outcome.ok) {
    return {
      ok: true,
      value: outcome.value as JsonValue | undefined,
      setState: outcome.setState as JsonObject | undefined,
      logs: outcome.logs,
    };
  }
  const { code, message, logs } = outcome;
  const details = placeInFile(outcome, module);
  return { ok: false, code, message, logs, ...(details === undefined ? {} : { details }) };
}

/** Where in the ensemble's file the body threw: the generated module keeps the author's lines. */
function placeInFile(outcome: Extract<OutcomeText, { ok: false }>, { lineOffset, place }: CodeModule): JsonObject | undefined {
  if (outcome.line === undefined || lineOffset === undefined || place === undefined) return undefined;
  const line = outcome.line - lineOffset;
  if (line < 1) return undefined;
  return { line: place.line + line - 1, column: (outcome.column ?? 1) + place.column - 1, body_line: line };
}

/**
 * The call ended without an answer: the isolate itself failed, or the call never reached it. The runtime tells only by its texts that a body waits for nothing that can happen (it
 * says that the code "had hung"), and that what it is given is too large.
 */
function describeFault(error: unknown): { readonly code: 'CODE_ERROR' | 'OUTPUT_TOO_LARGE'; readonly message: string } {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('had hung')) {
    return { code: 'CODE_ERROR', message: 'The code waits for something that can never happen (a promise that nothing settles).' };
  }
  // Answers are never that large: the harness refuses them first.
  if (text.includes('Serialized RPC arguments')) {
    return {
      code: 'OUTPUT_TOO_LARGE',
      message: SCOPE_TOO_LARGE,
    };
  }
  return { code: 'CODE_ERROR', message: `The isolate of the code ended: ${text}` };
}

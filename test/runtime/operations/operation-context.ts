import type { JsonValue } from '../../../src/program/json.ts';
import { Redactor } from '../../../src/runtime/engine/redact.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import type { Operation, OperationContext, OperationResult, Waiting } from '../../../src/runtime/operations/operation.ts';
import { OperationFailure } from '../../../src/runtime/operations/operation-failure.ts';
import type { AnswersPort, Bindings, Ports, SignalsPort } from '../../../src/runtime/ports.ts';

export const START = Date.UTC(2026, 9, 21, 7, 28);

/** A clock that moves only when a test moves it. */
export interface ManualClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = START;
  const waiting = new Set<{ readonly at: number; wake(): void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const entry = { at: now + ms, wake: resolve };
        waiting.add(entry);
        signal.addEventListener('abort', () => {
          waiting.delete(entry);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      now += ms;
      for (const entry of waiting) {
        if (entry.at > now) continue;
        waiting.delete(entry);
        entry.wake();
      }
    },
  };
}

const NO_BINDINGS: Bindings = { kv: () => undefined, d1: () => undefined, r2: () => undefined, names: () => [], ai: () => undefined };

export interface ContextOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly bindings?: Partial<Bindings>;
  readonly signal?: AbortSignal;
  readonly clock?: ManualClock;
  readonly outputSchema?: JsonValue;
  readonly fetch?: Ports['fetch'];
  readonly answers?: AnswersPort;
  readonly signals?: SignalsPort;
  readonly waited?: OperationContext['waited'];
}

export interface TestContext extends OperationContext {
  /** What was logged and warned, as `level: message` and `code: message`. */
  readonly logged: readonly string[];
  readonly warned: readonly string[];
  /** The waits that it told of. */
  readonly told: readonly Waiting[];
}

/** A context as the engine makes it, with the real network and a clock that stands still. */
export function testContext(options: ContextOptions = {}): TestContext {
  const logged: string[] = [];
  const warned: string[] = [];
  const told: Waiting[] = [];
  const redactor = new Redactor();
  for (const name of options.secrets ?? []) redactor.add(name, options.env?.[name] ?? '');
  return {
    ports: {
      clock: options.clock ?? manualClock(),
      random: () => 0.5,
      uuid: () => '00000000-0000-4000-8000-000000000000',
      fetch: options.fetch ?? ((request) => fetch(request)),
      bindings: { ...NO_BINDINGS, ...options.bindings },
      code: { call: () => Promise.reject(new Error('no code here')) },
      ...(options.answers === undefined ? {} : { answers: options.answers }),
      ...(options.signals === undefined ? {} : { signals: options.signals }),
      env: options.env ?? {},
      secrets: options.secrets ?? [],
    },
    agent: 'step',
    start: 'step',
    signal: options.signal ?? new AbortController().signal,
    idempotencyKey: 'run-1/step',
    outputSchema: options.outputSchema,
    redact: (text) => redactor.text(text),
    log: (level, message) => logged.push(`${level}: ${message}`),
    warn: (code, message) => warned.push(`${code}: ${message}`),
    waits: (waiting) => void told.push(waiting),
    logged,
    warned,
    told,
    waited: options.waited,
  };
}

/** The failure that an operation ends with, beside what else is known of the attempt. Throws when it succeeds or breaks. */
export async function failureOf(
  operation: Operation,
  config: JsonValue,
  context: OperationContext = testContext(),
): Promise<FailureError['failure'] & { readonly known?: Omit<OperationResult, 'output'> }> {
  try {
    const result = await operation.run(config, context);
    throw new Error(`expected a failure, got ${JSON.stringify(result.output)}`);
  } catch (error) {
    if (error instanceof OperationFailure) return { ...error.failure, known: error.known };
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
}

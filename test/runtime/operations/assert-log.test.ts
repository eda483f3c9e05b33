import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import { assert } from '../../../src/runtime/operations/assert.ts';
import { OPERATIONS } from '../../../src/runtime/operations/index.ts';
import { log } from '../../../src/runtime/operations/log.ts';
import { failureOf, testContext } from './operation-context.ts';

describe('assert', () => {
  test.each<JsonValue>([true, 1, 'x', [], {}])('%j holds', (that) => {
    expect(assert.run({ that }, testContext())).toEqual({ output: true });
  });

  test.each<JsonValue>([false, 0, '', null])('%j fails with the author’s message', async (that) => {
    expect(await failureOf(assert, { that, message: 'Only for adults.' })).toEqual({
      code: 'ASSERTION',
      message: 'Only for adults.',
      retryable: false,
    });
  });

  test('without a message the failure says what "that" was', async () => {
    expect(await failureOf(assert, {})).toMatchObject({ message: 'the assertion does not hold: "that" is nothing' });
  });
});

describe('log', () => {
  test('writes a line at its level, info unless told', () => {
    const context = testContext();
    expect(log.run({ message: 'hello' }, context)).toEqual({ output: undefined });
    log.run({ message: { a: 1 }, level: 'warn' }, context);
    log.run({}, context);
    expect(context.logged).toEqual(['info: hello', 'warn: {"a":1}', 'info: ']);
  });

  test('refuses another level', async () => {
    expect(await failureOf(log, { message: 'x', level: 'warning' })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'log needs "level" to be one of debug, info, warn, error (did you mean warn?), found the text "warning"',
    });
  });
});

describe('the table of operations', () => {
  test('names each operation, what has effects and what taints', () => {
    const facts = [...OPERATIONS.values()].map(({ name, effect, taints }) => ({ name, effect, taints }));
    expect(facts).toEqual([
      { name: 'http', effect: true, taints: true },
      { name: 'storage', effect: true, taints: false },
      { name: 'data', effect: true, taints: false },
      { name: 'think', effect: true, taints: true },
      { name: 'transform', effect: false, taints: false },
      { name: 'wait', effect: true, taints: false },
      { name: 'approval', effect: true, taints: false },
      { name: 'assert', effect: false, taints: false },
      { name: 'log', effect: false, taints: false },
    ]);
  });
});

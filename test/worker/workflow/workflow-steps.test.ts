import { describe, expect, test, vi } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import { atLimit } from '../../support/at-limit.ts';
import { workerModule } from '../support/worker-module.ts';

vi.mock('cloudflare:workflows', () => ({ NonRetryableError: Error }));

interface Steps {
  tries(start: object, options: object, makeTry: () => Promise<object>): Promise<JsonValue>;
  listen(wait: object, signal: AbortSignal): void;
  feederOf(agent: string): { feed(payload: JsonValue): Promise<boolean> } | undefined;
}
const { WorkflowSteps } = await workerModule<{ readonly WorkflowSteps: new (options: object) => Steps }>('workflow/workflow-steps.ts');

const START = 'a' as unknown as object;

/** What the platform and the run's own object keep of a step, and the end that comes back by them. */
async function kept(
  end: JsonValue,
  isSecret = false,
  canSeal = true,
): Promise<{ readonly platform: unknown; readonly run: number; readonly given: unknown }> {
  let platform: unknown;
  const ends = new Map<string, string>();
  const steps = new WorkflowSteps({
    step: {
      do: async (_name: string, _config: object, work: () => Promise<unknown>) => {
        platform = await work();
        return platform;
      },
    },
    keeper: {
      keepEnd: async (step: string, text: string) => canSeal && ends.set(step, text) === ends,
      readEnd: async (step: string) => ends.get(step),
    },
  });
  const given = await steps.tries(START, { maxAttempts: 1 }, async () => ({ type: 'end', end, isSecret }));
  return { platform, run: ends.size, given };
}

/** What the payload of an event for an agent that waits is taken for. */
async function fed(length: number): Promise<readonly [taken: boolean | undefined, sent: number]> {
  const sent: JsonValue[] = [];
  const arrives = Promise.withResolvers<{ readonly payload: JsonValue }>();
  const steps = new WorkflowSteps({
    step: { waitForEvent: () => arrives.promise },
    sendEvent: async (_type: string, payload: JsonValue) => {
      sent.push(payload);
      arrives.resolve({ payload });
    },
    onEvent: () => undefined,
  });
  vi.stubGlobal('scheduler', { wait: () => new Promise(() => undefined) });
  const leave = new AbortController();
  steps.listen({ start: START, agent: 'a' }, leave.signal);
  await vi.waitFor(() => expect(steps.feederOf('a')).toBeDefined());
  const taken = await steps.feederOf('a')?.feed('x'.repeat(length - 2));
  leave.abort();
  vi.unstubAllGlobals();
  return [taken, sent.length];
}

describe('what a step of the platform is to keep', () => {
  const sized = (length: number) => 'x'.repeat(length - 2);
  atLimit('src/worker/workflow/workflow-steps.ts MAX_KEPT', {
    within: async (length) => expect(await kept(sized(length))).toEqual({ platform: { end: sized(length) }, run: 0, given: sized(length) }),
    beyond: async (length) => expect(await kept(sized(length))).toEqual({ platform: { keptBy: 'run' }, run: 1, given: sized(length) }),
  });

  test('is given once where nothing is there to seal a secret with', async () => {
    expect(await kept('short', true, false)).toEqual({ platform: { keptBy: 'run' }, run: 0, given: 'short' });
  });

  test('is never a secret', async () => {
    expect(await kept('short', true)).toEqual({ platform: { keptBy: 'run' }, run: 1, given: 'short' });
  });
});

describe('an event of the platform', () => {
  atLimit('src/worker/workflow/workflow-steps.ts MAX_KEPT', {
    within: async (length) => expect(await fed(length)).toEqual([true, 1]),
    beyond: async (length) => expect(await fed(length)).toEqual([false, 0]),
  });
});

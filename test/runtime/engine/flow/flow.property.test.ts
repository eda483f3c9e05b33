import { expect, test } from 'vitest';
import { failure } from '../../../../src/runtime/failure.ts';
import { fc } from '../../../support/fast-check.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { eventsOf, startRun } from '../support/test-run.ts';
import { modelSteps, nameSteps, renderEnsemble, shapes, type World } from './flow-model.ts';

/** A number from 0 to 1 that only the text and the seed decide. */
function chance(text: string, seed: number): number {
  let hash = seed | 0;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

test('whatever is nested in whatever and whatever ends first, a run gives, takes as long and fails as a simple model says', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.integer(), async (generated, seed) => {
      const steps = nameSteps(generated);
      const fails = new Map<string, 'never' | 'always' | 'sometimes'>();
      const note = (list: typeof steps): void => {
        for (const step of list) {
          if (step.kind === 'call' || step.kind === 'loop') fails.set(step.name, step.fails);
          for (const inner of Object.values(step.lists)) note(inner);
        }
      };
      note(steps);
      const world: World = {
        latencyOf: (path) => 1 + Math.floor(chance(path, seed) * 1e9),
        failsAt: (path) => {
          const when = fails.get(path.replace(/\[.*/, ''));
          return when === 'always' || (when === 'sometimes' && chance(`${path}!`, seed) < 0.3);
        },
      };
      const expected = modelSteps(steps, 0, { iteration: '' }, world);

      const clock = new FakeClock();
      const run = startRun(renderEnsemble(steps), {
        clock,
        input: { two: 2 },
        http: async (_, { idempotencyKey, signal }) => {
          const path = idempotencyKey.slice('run-1/'.length);
          await clock.sleep(world.latencyOf(path), signal);
          if (world.failsAt(path)) throw failure('NETWORK', `${path} failed`);
          return { output: path };
        },
      });
      await clock.advance(1e15);
      const finished = await run.done;

      expect(finished.status).toBe(expected.ok ? 'succeeded' : 'failed');
      if (expected.ok) expect(finished.output).toEqual(expected.value);
      else expect(finished.agent).toBe(expected.agent);
      expect(finished.duration_ms).toBe(expected.end);
      expect(clock.sleeping).toBe(0);
      // Every step that began has ended, once, and before what it lies in.
      const begun = [...eventsOf(run, 'step.started').map(({ step }) => step), ...eventsOf(run, 'agent.started').map(({ agent }) => agent)];
      const ended = [
        ...[...eventsOf(run, 'step.finished'), ...eventsOf(run, 'step.failed')].map(({ step }) => step),
        ...[...eventsOf(run, 'agent.finished'), ...eventsOf(run, 'agent.failed')].map(({ agent }) => agent),
      ];
      expect(ended.toSorted()).toEqual(begun.toSorted());
    }),
    { numRuns: 300 },
  );
});

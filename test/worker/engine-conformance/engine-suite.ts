import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName } from '../../../src/program/deployment.ts';
import { WORKER_BINDINGS, WORKER_CLASSES } from '../../../src/program/host-protocol.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import type { DeployedWorker, OpenDeployed } from '../../support/deployed-worker.ts';
import { API_KEYS, DeployedRuns } from './deployed-runs.ts';
import { Effects } from './effects.ts';
import { type Act, AGENT_FILES, ENGINE_CASES, type EngineCase } from './engine-cases.ts';
import { byLine, plainEvents } from './plain-events.ts';

export const WORKFLOW_OPTIONS = {
  // More than any case needs: one that takes steps without end is to fail.
  workflows: { [WORKER_BINDINGS.workflow]: { name: 'ensemble', className: WORKER_CLASSES.workflow, stepLimit: 50 } },
};

/** Both engines lead to the same: the same end, output and state, the same effects, and the same events but for times. */
export function engineSuite(open: OpenDeployed): void {
  describe('both engines', () => {
    const effects = new Effects();
    let worker: DeployedWorker;
    let runs: DeployedRuns;

    beforeAll(async () => {
      worker = await open({
        files: { ...AGENT_FILES, ...Object.fromEntries(ENGINES.flatMap((engine) => ENGINE_CASES.map((given) => fileOf(given, engine)))) },
        vars: { [WORKER_BINDINGS.apiKeys]: API_KEYS, [WORKER_BINDINGS.sealKey]: SEAL_KEY, A_SECRET: 'a secret of the tests' },
        outbound: effects.answer,
        options: WORKFLOW_OPTIONS,
      });
      runs = new DeployedRuns(worker);
    });
    afterAll(() => worker?.[Symbol.asyncDispose]());

    const runOn = async (given: EngineCase, engine: EngineName): Promise<readonly RunEvent[]> => {
      const run = await runs.start(`${engine}/${given.name}`, { ...given.input, of: `${given.name}-${OF[engine]}` });
      for (const act of given.acts ?? []) await doAct(runs, run, act);
      return runs.finished(run);
    };

    // Each case has runs, state and effects of its own.
    test.concurrent.each(ENGINE_CASES)('do the same: $name', async (given) => {
      const [own, workflows] = await Promise.all(ENGINES.map((engine) => runOn(given, engine)));
      if (own === undefined || workflows === undefined) throw new Error('two engines');
      const { status, output, code } = given.ends;
      for (const events of [own, workflows]) {
        expect(events.at(-1)).toMatchObject({
          status,
          ...(output === undefined ? {} : { output }),
          ...(code === undefined ? {} : { failure: { code } }),
        });
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
        expect(JSON.stringify(events)).not.toContain('a secret of the tests');
      }
      const [first, second] = [plainEvents(own, OF['durable-object']), plainEvents(workflows, OF.workflows)];
      if (given.sideBySide) expect(byLine(second)).toEqual(byLine(first));
      else expect(second).toEqual(first);
      expect(effects.counts(`${given.name}-${OF.workflows}`)).toEqual(effects.counts(`${given.name}-${OF['durable-object']}`));
    });
  });
}

/** What a run is told of itself, so that the two of a case do not share state or effects. */
const OF: Readonly<Record<EngineName, string>> = { 'durable-object': 'first-of-two', workflows: 'other-of-two' };
const SEAL_KEY = Buffer.alloc(32, 7).toString('base64');

function fileOf({ name, yaml }: EngineCase, engine: EngineName): readonly [string, string] {
  return [`ensembles/${engine}/${name}.yaml`, `ensemble: case\nengine: ${engine}\n${yaml}`];
}

async function doAct(runs: DeployedRuns, run: string, act: Act): Promise<void> {
  const type = act.when === 'waiting' ? 'run.waiting' : 'agent.started';
  await runs.until(run, (event) => event.type === type && event.agent === act.agent);
  if ('answer' in act) await runs.post(`/runs/${run}/approvals/${encodeURIComponent(act.agent)}`, act.answer);
  else if ('signal' in act) await runs.post(`/runs/${run}/signals/${encodeURIComponent(act.signal)}`, act.data ?? null);
  else if ('cancel' in act) await runs.post(`/runs/${run}/cancel`, { reason: act.cancel });
  else {
    await runs.post(`/runs/${run}/pause`);
    await runs.until(run, (event) => event.type === 'run.paused');
    await runs.post(`/runs/${run}/resume`);
  }
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import { forcedCron } from '../../../src/program/platform-crons.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { echoEnsemble, HOST_TOKEN, TriggeredRuns } from './triggered-runs.ts';

const FILES: Readonly<Record<string, string>> = {
  'ensembles/nightly.yaml': echoEnsemble(
    'nightly',
    "{ type: cron, cron: '0 3 * * *', input: { region: '${env.REGION}', at: '${trigger.scheduled_time}' } }",
  ),
  'ensembles/berlin.yaml': echoEnsemble('berlin', "{ type: cron, cron: '30 9 * * *', timezone: Europe/Berlin }"),
  'ensembles/wrong.yaml': echoEnsemble(
    'wrong',
    "{ type: cron, cron: '0 4 * * *', input: { count: '${env.REGION}' } }",
    'input: { count: integer }',
  ),
  'ensembles/right.yaml': echoEnsemble('right', "{ type: cron, cron: '0 4 * * *' }"),
};

/** The cron triggers of a built Worker, which `open` starts. */
export function cronTriggersSuite(open: typeof openDeployed): void {
  describe('a cron', () => {
    let worker: DeployedWorker;
    let runs: TriggeredRuns;
    beforeAll(async () => {
      worker = await open({ files: FILES, vars: { [WORKER_BINDINGS.hostToken]: HOST_TOKEN, REGION: 'eu-west' } });
      runs = new TriggeredRuns(worker);
    });
    afterAll(() => worker[Symbol.asyncDispose]());

    const fire = async (cron: string, time: string) => {
      const fetcher = await worker.miniflare.getWorker();
      return (await fetcher.scheduled({ cron, scheduledTime: new Date(time) })).outcome;
    };

    test('starts the ensembles that are due, with their input and the facts of the firing', async () => {
      const time = '2026-05-01T03:00:00Z';
      expect(await runs.expectStarted(0, 'berlin', () => runs.expectStarted(1, 'nightly', () => fire('0 3 * * *', time)))).toBe('ok');
      const { input, trigger, tainted } = await runs.lastEcho('nightly');
      expect(input).toEqual({ region: '[secret REGION]', at: Date.parse(time) });
      expect(trigger).toEqual({ type: 'cron', cron: '0 3 * * *', timezone: 'UTC', scheduled_time: Date.parse(time) });
      expect(tainted).toBe(true);
    });

    test('that fires twice starts one run', async () => {
      const time = '2026-05-02T03:00:00Z';
      await runs.expectStarted(1, 'nightly', () => Promise.all([fire('0 3 * * *', time), fire('0 3 * * *', time)]));
      await runs.expectStarted(1, 'nightly', () => fire('0 3 * * *', '2026-05-03T03:00:00Z'));
    });

    test('of another time zone fires when it is time there', async () => {
      await runs.expectStarted(0, 'berlin', () => fire('30 7,8 * * *', '2026-05-01T08:30:00Z'));
      await runs.expectStarted(1, 'berlin', () => fire('30 7,8 * * *', '2026-05-01T07:30:00Z'));
      await runs.expectStarted(1, 'berlin', () => fire('30 7,8 * * *', '2026-12-01T08:30:00Z'));
    });

    test('is told to have failed when an ensemble could not be started, and starts the others', async () => {
      expect(await runs.expectStarted(1, 'right', () => fire('0 4 * * *', '2026-05-04T04:00:00Z'))).toBe('exception');
      expect(await runs.of('wrong')).toEqual([]);
    });

    test('can be fired by its place, whatever the time is, as often as somebody asks', async () => {
      const force = () => fire(forcedCron('berlin', 0), '2026-05-05T01:23:00Z');
      const twice = () => runs.expectStarted(2, 'berlin', async () => [await force(), await force()]);
      expect(await runs.expectStarted(0, 'nightly', twice)).toEqual(['ok', 'ok']);
    });
  });
}

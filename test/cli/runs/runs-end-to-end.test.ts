import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/program/host-calls.ts';
import type { RunStatistics } from '../../../src/program/run-statistics.ts';
import { runCli } from '../../support/run-cli.ts';
import { writeProject } from '../../support/written-project.ts';

const HALF = `ensemble: half
agents:
  - { name: pick, operation: code, config: { code: "if (input.bad) throw new Error('bad'); return 1" } }
output: \${pick.output}
`;

test('runs of earlier processes are listed, counted, found by the end of their id and deleted with their files', async () => {
  using project = writeProject({ 'package.json': '{}', 'ensembles/half.yaml': HALF });
  const cli = async (...args: readonly string[]) => runCli(args, { cwd: project.root });
  const runFiles = () =>
    readdirSync(join(project.root, '.ensemble/v3/do/ensemble-RunObject')).filter((name) => !name.startsWith('metadata'));

  expect((await cli('run', 'half')).code).toBe(0);
  expect((await cli('run', 'half', 'bad:=true')).code).toBe(3);
  const listed = await cli('runs', '--json');
  const [failed, succeeded, ...more] = JSON.parse(listed.stdout) as readonly RunSummary[];
  expect(more).toEqual([]);
  expect(failed).toMatchObject({
    ensemble: 'half',
    file: 'ensembles/half.yaml',
    status: 'failed',
    agent: 'pick',
    failure: { code: 'CODE_ERROR' },
  });
  expect(succeeded).toMatchObject({ status: 'succeeded', steps: 1, attempt: 1 });
  expect(failed?.started_at).toBeGreaterThan(succeeded?.started_at ?? Number.POSITIVE_INFINITY);

  const { ensembles } = JSON.parse((await cli('stats', 'half', '--json')).stdout) as RunStatistics;
  expect(ensembles).toMatchObject([{ runs: 2, success_rate: 0.5, agents: [{ agent: 'pick', runs: 2, succeeded: 1, failed: 1 }] }]);

  const pruned = await cli('prune', '--older-than', '0s', '--status', 'failed');
  expect(pruned.stdout).toMatch(/^deleted 1 run: \d+ kB freed\n$/);
  expect(new Set(runFiles().map((name) => name.slice(0, 64))).size).toBe(1);
  expect((await cli('show', succeeded?.run.slice(-8) ?? '')).stdout).toContain(`run ${succeeded?.run}`);
  expect((await cli('show', failed?.run ?? '')).code).toBe(2);
}, 120_000);

import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { INSTALLED_ENV, linkPackages } from '../../support/installed-project.ts';
import { runCli } from '../../support/run-cli.ts';
import { writeProject } from '../../support/written-project.ts';
import { createFakeIo } from '../support/fake-io.ts';

/** Needs one of everything. */
const ALL = `ensemble: all
engine: workflows
state: { backend: kv, binding: CARTS }
trigger:
  - { type: queue, queue: orders, batch_size: 20 }
  - { type: cron, cron: 0 3 * * * }
  - { type: cron, cron: 30 4 * * MON, timezone: Asia/Tokyo }
  - { type: email, addresses: [a@example.com], public: true }
  - { type: http, path: /x, auth: { type: bearer, secret: "\${env.TOKEN}" } }
agents:
  - name: ask
    operation: think
    config: { provider: workers-ai, model: "@cf/x", prompt: p }
  - name: query
    operation: data
    config: { backend: d1, query: SELECT 1 }
  - name: keep
    operation: storage
    config: { type: r2, action: put, key: k, value: "\${env.REGION}" }
`;

/** As wrangler lists them: `env.NAME (…)`, in the order of the alphabet. */
const bindingsIn = (stdout: string): readonly string[] => [...stdout.matchAll(/^env\.(\w+)/gm)].map(([, name = '']) => name).toSorted();

describe('what ensemble doctor --fix writes', () => {
  test('wrangler takes it for an environment, with all that the ensembles need', { timeout: 120_000 }, async () => {
    using project = writeProject({
      'ensembles/all.yaml': ALL,
      'wrangler.jsonc':
        '{\n  // ours\n  "name": "shop",\n  "vars": { "REGION": "eu" },\n  "env": { "staging": { "vars": { "REGION": "test" } } },\n}\n',
    });
    linkPackages(project.root);
    for (const environment of [[], ['--env', 'staging']]) {
      expect(await main(['doctor', '--fix', ...environment], createFakeIo({ cwd: project.root }))).toBe(0);
    }
    const { code, stdout, stderr } = await runCli(['deploy', '--dry-run', '--env', 'staging'], { cwd: project.root, env: INSTALLED_ENV });
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
    // wrangler says there what it does not know or would do otherwise.
    expect(stdout + stderr).not.toMatch(/\[WARNING\]/);
    const names = [
      'AI',
      'BUCKET',
      'CARTS',
      'DB',
      'ENSEMBLE_CLAIMS',
      'ENSEMBLE_INDEX',
      'ENSEMBLE_RATE_LIMIT',
      'ENSEMBLE_RUNS',
      'ENSEMBLE_SCOPES',
      'ENSEMBLE_STATES',
      'ENSEMBLE_WORKFLOW',
      'REGION',
    ];
    expect(bindingsIn(stdout)).toEqual(names);
    expect(stdout).toContain('env.REGION ("test")');
  });
});

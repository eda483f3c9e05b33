import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { AgentStatistics, RunStatistics } from '../../../src/program/run-statistics.ts';
import { NOW } from '../runs/summaries.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';

const agent = (name: string, extra: Partial<AgentStatistics> = {}): AgentStatistics => ({
  agent: name,
  runs: 4,
  succeeded: 4,
  failed: 0,
  skipped: 0,
  stopped: 0,
  retries: 0,
  cache_hits: 0,
  success_rate: 1,
  error_rate: 0,
  duration_ms: { p50: 12, p95: 1_500 },
  ...extra,
});
const SHOP = {
  ensemble: 'shop',
  runs: 6,
  succeeded: 3,
  failed: 1,
  cancelled: 1,
  success_rate: 0.75,
  error_rate: 0.25,
  duration_ms: { p50: 20, p95: 4_000 },
};

async function stats(statistics: RunStatistics, args: readonly string[] = []) {
  const host = createFakeHost([]);
  host.replies = { statistics: () => statistics };
  const io = createFakeIo();
  const code = await main(['stats', ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, asks: host.calls.map(({ ask }) => ask) };
}

describe('ensemble stats', () => {
  test('shows each ensemble and its agents, with the columns that have something', async () => {
    const think = agent('outer/think', {
      runs: 1_204,
      failed: 1,
      success_rate: 1_202 / 1_203,
      error_rate: 1 / 1_203,
      retries: 7,
      usage: { input_tokens: 1_000, output_tokens: 234, cost_usd: 0.0123 },
    });
    const { success_rate: _rate, error_rate: _error, duration_ms: _ms, ...never } = agent('rare', { succeeded: 0, skipped: 4 });
    const { code, stdout } = await stats({
      ensembles: [
        { ...SHOP, agents: [think, never] },
        { ...SHOP, ensemble: 'empty', agents: [] },
      ],
    });
    expect(code).toBe(0);
    expect(stdout).toBe(`shop  6 runs · 75% succeeded · 1 failed · 1 cancelled · 1 not over · p50 20 ms · p95 4.0 s
  AGENT        ENDED  OK     ERRORS  FAILED  SKIPPED  RETRIES  P50    P95    TOKENS  COST
  outer/think  1,204  99.9%  0.1%    1       -        7        12 ms  1.5 s  1,234   $0.0123
  rare         4      -      -       -       4        -        -      -      -       -

empty  6 runs · 75% succeeded · 1 failed · 1 cancelled · 1 not over · p50 20 ms · p95 4.0 s
`);
  });

  test('with --json prints what the host says', async () => {
    const statistics = { ensembles: [{ ...SHOP, agents: [agent('a')] }] };
    expect(JSON.parse((await stats(statistics, ['--json'])).stdout)).toEqual(statistics);
  });

  test('asks for one ensemble, since a time', async () => {
    expect((await stats({ ensembles: [] }, ['shop', '--since', '7d'])).asks).toEqual([{ ensemble: 'shop', since: NOW - 7 * 86_400_000 }]);
  });

  test('says when there is nothing to count', async () => {
    expect(await stats({ ensembles: [] }, ['shop'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'There is no run of shop in the data of this project yet.\n',
    });
    expect((await stats({ ensembles: [] }, ['--json'])).stdout).toBe('{\n  "ensembles": []\n}\n');
  });

  test('refuses a time that is none', async () => {
    expect((await stats({ ensembles: [] }, ['--since', 'ever'])).code).toBe(2);
  });
});

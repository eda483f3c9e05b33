import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { finished, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';

const NIGHTLY = `ensemble: nightly
agents:
  - name: sources
    type: foreach
    items: \${input.sources}
    steps:
      - { name: source, input: { id: "\${item.id}" } }
output: \${sources.output}
`;
const SOURCE = `agent: source
inputs: { id: any }
operations:
  - name: pages
    operation: transform
    loop: { items: "\${[1, 2, 3]}" }
    config: { value: "\${input.id.x.map(y => y)}" }
`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-failure-')));
  for (const [path, text] of Object.entries({
    'package.json': '{}',
    'ensembles/nightly.yaml': NIGHTLY,
    'agents/source.yaml': SOURCE,
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const failure = { code: 'EXPRESSION', message: 'input.id.x is undefined', retryable: false } as const;
const end = { failure, attempts: 1, duration_ms: 1, handled: false, tainted: false } as const;
const AGENT = 'source[1]/pages[2]';

async function fail(story: readonly EventBody[]) {
  const io = createFakeIo({ cwd: root });
  const code = await main(['run', 'nightly', 'sources:=[]', '--quiet'], io, createFakeHost([STARTED, ...story]).open);
  return { code, stderr: io.stderr.text };
}

test('a failure in a loop of an agent file shows its place, the items it had, and what runs that file', async () => {
  const { code, stderr } = await fail([
    { type: 'step.started', step: 'sources', kind: 'foreach', items: [{ id: 'a' }, { id: 'b\u001b[2J', text: 'x'.repeat(500) }] },
    { type: 'step.started', step: 'source[1]/pages', kind: 'loop', items: [1, 2, 3] },
    { type: 'agent.failed', agent: AGENT, ...end },
    { type: 'step.failed', step: 'source[1]/pages', failure, agent: AGENT, duration_ms: 1, handled: false, tainted: false },
    { type: 'agent.failed', agent: 'source[1]', ...end },
    { type: 'step.failed', step: 'sources', failure, agent: AGENT, duration_ms: 1, handled: false, tainted: false },
    finished({ status: 'failed', failure, agent: AGENT }),
  ]);
  expect(code).toBe(3);
  const lines = stderr.split('\n');
  expect(lines[1]).toMatch(/^ {2}in source\[1\]\/pages\[2\], agents\/source\.yaml:4:\d+$/);
  expect(lines[2]).toContain('4 |   - name: pages');
  expect(lines.slice(-5, -1)).toEqual([
    '  with item 2 of source[1]/pages: 3',
    expect.stringMatching(/^ {2}with item 1 of sources: \{"id":"b\\u001b\[2J","text":"x+…$/u),
    expect.stringMatching(/^ {2}run by source\[1\], ensembles\/nightly\.yaml:7:\d+$/),
    expect.stringMatching(/^help: /),
  ]);
});

test('a failure of a flow step’s own shows where that stands', async () => {
  const own = { code: 'CONFIG_INVALID', message: 'items is a text, not a list', retryable: false } as const;
  const { code, stderr } = await fail([
    { type: 'step.started', step: 'sources', kind: 'foreach' },
    { type: 'step.failed', step: 'sources', failure: own, duration_ms: 1, handled: false, tainted: false },
    finished({ status: 'failed', failure: own, agent: 'sources' }),
  ]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error\[CONFIG_INVALID\]: items is a text, not a list\n {2}in sources, ensembles\/nightly\.yaml:3:\d+\n3 \| /);
});

test('of failures that something handles no item is kept', async () => {
  const { code, stderr } = await fail([
    { type: 'step.started', step: 'sources', kind: 'foreach', items: [{ id: 'a' }] },
    { type: 'agent.failed', agent: 'source[0]', ...end, handled: true },
    finished({ status: 'failed', failure, agent: 'source[0]' }),
  ]);
  expect([code, stderr]).toEqual([3, expect.not.stringContaining('with item')]);
});

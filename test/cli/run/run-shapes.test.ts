import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { readRunShapes } from '../../../src/node/run-shapes.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { writeProject } from '../../support/written-project.ts';
import { agentFinished, finished, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';

const TEXT = 'ensemble: e\nagents:\n  - { name: add, operation: transform, config: { value: 1 } }\n';

test('a run keeps the kinds of its values for editors, and no value', async () => {
  using project = writeProject({ 'ensembles/e.yaml': TEXT, '.ensemble/v3/x': '' });
  const output = { token: 'sk-secret-4711', rows: [{ id: 47114711 }] };
  const add: EventBody = { type: 'agent.finished', agent: 'add', output, attempts: 1, duration_ms: 1, tainted: false };
  const host = createFakeHost([STARTED, add, finished({ output })]);
  const io = createFakeIo({ cwd: project.root });
  expect(await main(['run', 'e', '--quiet'], io, host.open)).toBe(0);
  const folder = join(project.root, '.ensemble/v3/ensemble/shapes');
  const [name = ''] = readdirSync(folder);
  expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/secret|4711/);
  expect(readRunShapes(findProject(project.root), 'ensembles/e.yaml').agents.add).toEqual({
    kind: 'object',
    properties: { token: { kind: 'string' }, rows: { kind: 'list', items: { kind: 'object', properties: { id: { kind: 'number' } } } } },
  });
});

test('a run on a host that keeps no data here leaves nothing behind', async () => {
  using project = writeProject({ 'ensembles/e.yaml': TEXT });
  const host = createFakeHost([STARTED, agentFinished('add'), finished({ output: 1 })]);
  expect(await main(['run', 'e', '--quiet'], createFakeIo({ cwd: project.root }), host.open)).toBe(0);
  expect(readdirSync(project.root).sort()).toEqual(['ensembles', 'package.json']);
});

import { describe, expect, test } from 'vitest';
import { compileProject } from '../../../src/node/build/compile-project.ts';
import { type PlatformNeeds, platformNeeds } from '../../../src/node/deploy/platform-needs.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { writeProject } from '../../support/written-project.ts';

function needsOf(files: Readonly<Record<string, string>>): PlatformNeeds {
  using written = writeProject(files);
  const { programs, errors } = compileProject(findProject(written.root));
  expect(errors).toEqual([]);
  return platformNeeds(programs);
}

describe('platformNeeds', () => {
  test('an ensemble that only computes needs nothing', () => {
    expect(
      needsOf({ 'ensembles/a.yaml': 'ensemble: a\nagents:\n  - name: x\n    operation: transform\n    config: { value: 1 }\n' }),
    ).toEqual({
      storage: [],
      ai: [],
      variables: [],
      queues: [],
      crons: [],
      workflows: [],
      emails: [],
      hasPublicTrigger: false,
    });
  });

  test('storage is needed by name or by kind, once for all files', () => {
    const agent = 'agents:\n  - name: x\n    operation: storage\n';
    const needs = needsOf({
      'ensembles/a.yaml': `ensemble: a\n${agent}    config: { type: kv, action: get, key: k }\n`,
      'ensembles/b.yaml': `ensemble: b\n${agent}    config: { type: kv, action: get, key: k }\n`,
      'ensembles/c.yaml': `ensemble: c\n${agent}    config: { type: d1, binding: ORDERS, query: SELECT 1 }\n`,
    });
    expect(needs.storage).toEqual([
      { kind: 'kv', files: ['ensembles/a.yaml', 'ensembles/b.yaml'] },
      { kind: 'd1', name: 'ORDERS', files: ['ensembles/c.yaml'] },
    ]);
  });

  test('triggers ask for queues, crons in UTC, addresses, and a limit where they are public', () => {
    const needs = needsOf({
      'ensembles/a.yaml': `ensemble: a
trigger:
  - { type: queue, queue: orders, batch_size: 20 }
  - { type: cron, cron: 0 9 * * *, timezone: Asia/Tokyo }
  - { type: email, addresses: [Orders@Example.com], public: true }
agents:
  - name: x
    operation: transform
    config: { value: 1 }
`,
      'ensembles/b.yaml':
        'ensemble: b\ntrigger: [{ type: queue, queue: orders }]\nagents:\n  - name: x\n    operation: transform\n    config: { value: 1 }\n',
    });
    expect(needs.queues).toEqual([{ queue: 'orders', batchSize: 20, files: ['ensembles/a.yaml', 'ensembles/b.yaml'] }]);
    expect(needs.crons).toEqual([{ cron: '0 0 * * *', files: ['ensembles/a.yaml'] }]);
    expect(needs.emails).toEqual([{ address: 'orders@example.com', files: ['ensembles/a.yaml'] }]);
    expect(needs.hasPublicTrigger).toBe(true);
  });

  test('variables are found wherever they are read, with what their use says of them', () => {
    const { variables } = needsOf({
      'ensembles/a.yaml': `ensemble: a
trigger:
  - { type: webhook, path: /in, auth: { type: signature, secret: "\${env.SIGNING}" } }
agents:
  - name: ask
    operation: think
    config: { provider: openai, model: m, prompt: "\${env.GREETING ?? 'Hello'} $<env.REGION>" }
  - name: fetch
    operation: http
    config: { url: "\${env['BASE']}/x", headers: { authorization: "Bearer \${env.API_TOKEN || ''}" } }
  - name: compute
    operation: code
    config:
      code: |
        return env.LIMIT * 2;
  - name: help
    agent: helper
`,
      'agents/helper.yaml': 'agent: helper\noperation: transform\nconfig: { value: "${env.GREETING}" }\n',
    });
    const shown = variables.map(({ name, file, line, isSecret, isOptional }) => [name, `${file}:${line}`, isSecret, isOptional]);
    expect(shown.toSorted()).toEqual([
      ['API_TOKEN', 'ensembles/a.yaml:10', true, true],
      ['BASE', 'ensembles/a.yaml:10', false, false],
      // Nothing stands in for it in the agent file.
      ['GREETING', 'ensembles/a.yaml:7', false, false],
      ['LIMIT', 'ensembles/a.yaml:11', false, false],
      ['OPENAI_API_KEY', 'ensembles/a.yaml:5', true, false],
      ['REGION', 'ensembles/a.yaml:7', false, false],
      ['SIGNING', 'ensembles/a.yaml:3', true, false],
    ]);
  });

  test('Workers AI and the Workflows engine are needed by the files that name them', () => {
    const needs = needsOf({
      'ensembles/a.yaml':
        'ensemble: a\nengine: workflows\nagents:\n  - name: ask\n    operation: think\n    config: { provider: workers-ai, model: "@cf/x", prompt: p }\n',
    });
    expect(needs.ai).toEqual(['ensembles/a.yaml']);
    expect(needs.workflows).toEqual(['ensembles/a.yaml']);
  });

  test('data that looks like a part of a program is not taken for one', () => {
    const needs = needsOf({
      'ensembles/a.yaml':
        'ensemble: a\nagents:\n  - name: x\n    operation: transform\n    config: { value: { type: hole, expression: { type: member, object: { type: root, name: env }, property: X }, place: { line: 1 } } }\n',
    });
    expect(needs.variables).toEqual([]);
  });
});

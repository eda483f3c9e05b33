import { describe, expect, test } from 'vitest';
import { findStep } from '../../src/program/find-step.ts';
import type { AgentStep, Body, Program, Step } from '../../src/program/program.ts';

const PLACE = { line: 1, column: 1 };
const TEXT = [] as never;

function agent(path: string, more: Partial<AgentStep> = {}): AgentStep {
  return {
    type: 'agent',
    name: path,
    path,
    place: PLACE,
    handlesFailure: false,
    action: { type: 'operation', operation: 'log', config: TEXT },
    use: [],
    useAll: false,
    set: { type: 'none' },
    retry: { maxAttempts: 1, backoff: 'fixed', initialDelayMs: 0, maxDelayMs: 0, jitter: false, retryOn: [] },
    rejectTainted: false,
    reads: { agents: [], trigger: false, locals: [] },
    ...more,
  };
}

const flow = { place: PLACE, handlesFailure: false } as const;
const foreach = (path: string, steps: readonly Step[], loop = false): Step => ({
  type: 'foreach',
  path,
  items: TEXT,
  steps,
  concurrency: 1,
  loop,
  ...flow,
});

const bodyOf = (steps: readonly Step[]): Body => ({
  steps,
  concurrency: 1,
  state: { backend: 'memory', key: TEXT, persist: 'on_success', onConflict: 'merge' },
});

const callsItself = agent('again', { action: { type: 'body', file: 'ensembles/sub.yaml' } });
const PROGRAM: Program = {
  format: 2,
  ensemble: 'e',
  file: 'ensembles/e.yaml',
  limits: {},
  triggers: [],
  modules: {},
  bindings: [],
  body: bodyOf([
    agent('plain', { handlers: [agent('tell')], compensate: agent('plain:compensate') }),
    foreach('outer', [
      {
        type: 'branch',
        path: 'branch',
        condition: TEXT,
        then: [foreach('fetch', [agent('fetch')], true)],
        else: [agent('other')],
        ...flow,
      },
      agent('sub', { action: { type: 'body', file: 'ensembles/sub.yaml' } }),
    ]),
    {
      type: 'map-reduce',
      path: 'sum',
      items: TEXT,
      map: [agent('one', { compensate: agent('undo') })],
      reduce: [agent('all')],
      concurrency: 1,
      ...flow,
    },
  ]),
  files: {
    'ensembles/sub.yaml': {
      kind: 'ensemble',
      name: 'sub',
      file: 'ensembles/sub.yaml',
      limits: {},
      body: bodyOf([foreach('each', [agent('inner'), callsItself])]),
    },
  },
};

const find = (path: string) => {
  const found = findStep(PROGRAM, path);
  if (found === undefined) return undefined;
  const around = found.around.map(({ path, block, position }) => `${path}.${block.name}${position === undefined ? '' : ` ${position}`}`);
  return { type: found.step.type, path: found.step.path, file: found.file, owner: found.owner, around, depth: found.depth };
};
const top = { file: 'ensembles/e.yaml', owner: '' };

describe('findStep', () => {
  test('finds steps at the top, in blocks, and those that handle or undo an agent', () => {
    expect(find('plain')).toEqual({ ...top, type: 'agent', path: 'plain', around: [], depth: 0 });
    expect(find('tell')).toMatchObject({ type: 'agent', around: ['plain.onError'] });
    expect(find('plain:compensate')).toMatchObject({ type: 'agent', around: ['plain.compensate'] });
    expect(find('all')).toMatchObject({ path: 'all', around: ['sum.reduce'] });
  });

  test('says in which iteration of which loop a step lies', () => {
    expect(find('other[3]')).toMatchObject({ around: ['outer.steps 3', 'branch[3].else'], depth: 2 });
    expect(find('one[7]')).toMatchObject({ around: ['sum.map 7'] });
    expect(find('undo[7]')).toMatchObject({ around: ['sum.map 7', 'one[7].compensate'] });
  });

  test('tells a loop from the agent in it by the number of positions', () => {
    expect(find('fetch[3]')).toMatchObject({ type: 'foreach', around: ['outer.steps 3', 'branch[3].then'] });
    expect(find('fetch[3][0]')).toMatchObject({ type: 'agent', around: ['outer.steps 3', 'branch[3].then', 'fetch[3].steps 0'] });
  });

  test('follows agents into the files that they run, however deep', () => {
    expect(find('sub[1]/inner[0]')).toEqual({
      type: 'agent',
      path: 'inner',
      file: 'ensembles/sub.yaml',
      owner: 'sub[1]',
      around: ['sub[1]/each.steps 0'],
      depth: 2,
    });
    expect(find('sub[1]/again[0]/again[2]/each')).toMatchObject({ type: 'foreach', owner: 'sub[1]/again[0]/again[2]', around: [] });
  });

  test('knows nothing of paths that no step has', () => {
    for (const path of ['', 'nobody', 'plain/inner', 'sub[1]/nobody', 'toString', '__proto__']) expect(find(path)).toBeUndefined();
  });
});

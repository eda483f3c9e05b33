import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestProject, type TestProject } from '../support/test-project.ts';

/** Means something to every parser on its way: both dialects, YAML, JavaScript, JSON. */
const TEXT = 'x\'"\\ ${1+1} $<1+1> $${z} {{a}} `${2}` */ # - :';

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({
    outbound: async (request) => Response.json({ method: request.method, body: JSON.parse(await request.text()) }),
  });
});
afterAll(() => project?.[Symbol.asyncDispose]());

describe.each([
  ['JavaScript', (expression: string) => `\${${expression}}`],
  ['Jexl', (expression: string) => `$<${expression}>`],
])('an expression in %s', (_, e) => {
  test('is evaluated once at every place where one may stand, and its value is read by no parser', async () => {
    const { finished } = await project.runText(
      'ensembles/places.yaml',
      `ensemble: places
state:
  backend: kv
  key: scope ${e('input.v')}
  schema: { a: any, b: any }
  initial: { a: '${e('input.v')}' }
agents:
  - name: conditional
    operation: transform
    condition: '${e('input.v')}'
    input: { deep: [{ k: '<${e('input.v')}>' }] }
    config: { value: '${e('input')}' }
    state: { use: [a], set: { b: '${e('conditional.output.deep[0].k')}' } }
  - name: web
    operation: http
    config: { url: 'http://h.test/', method: '${e('input.method')}', body: { a: '${e('input.v')}', l: ['${e('input.v')}'] } }
  - name: put
    operation: storage
    config: { type: kv, action: put, key: 'k/${e('input.v')}', value: '${e('input.v')}' }
  - name: get
    operation: storage
    config: { type: kv, action: '${e('input.action')}', key: 'k/${e('input.v')}' }
  - name: claim
    operation: assert
    onError: continue
    config: { that: '${e('input.no')}', message: 'm ${e('input.v')}' }
  - name: whole
    operation: transform
    config: '${e('input.config')}'
output:
  - when: '${e('input.no')}'
    body: wrong
  - when: '${e('input.v')}'
    body:
      conditional: '${e('conditional.output')}'
      web: '${e('web.output')}'
      get: '${e('get.output.value')}'
      claim: '${e('claim.error')}'
      state: '${e('state')}'
      whole: '${e('whole.output')}'
`,
      { input: { v: TEXT, method: 'PUT', action: 'get', no: false, config: { value: { x: '${input.v}' } } } },
    );
    expect(finished).toMatchObject({ status: 'succeeded' });
    expect(finished.output).toEqual({
      conditional: { deep: [{ k: `<${TEXT}>` }] },
      web: { method: 'PUT', body: { a: TEXT, l: [TEXT] } },
      get: TEXT,
      claim: `m ${TEXT}`,
      state: { a: TEXT, b: `<${TEXT}>` },
      whole: { x: '${input.v}' },
    });
  });
});

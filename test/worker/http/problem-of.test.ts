import { afterEach, expect, test, vi } from 'vitest';
import { problemOf } from '../../../src/worker/http/problem-of.ts';
import { RefusedRequest } from '../../../src/worker/http/refused-request.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('of a defect the client learns an id, and the log the rest', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const response = problemOf(new Error('the password is hunter2'));
  const text = await response.text();
  const { error_id } = JSON.parse(text) as { readonly error_id: string };
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
  expect(text).not.toMatch(/hunter2|at /);
  expect(log.mock.calls).toEqual([[expect.stringMatching(new RegExp(`${error_id}.*hunter2`))]]);
});

test('an object that was moved or has too much to do is a matter of a moment', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  for (const mark of [{ retryable: true }, { overloaded: true }]) {
    const response = problemOf(Object.assign(new Error('Durable Object reset'), mark));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.text()).not.toContain('reset');
  }
});

test('what is thrown may be anything', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  for (const thrown of [undefined, null, 'text', 1, {}]) expect(problemOf(thrown).status).toBe(500);
});

test('a refusal is its own answer, and nothing for the log', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const response = problemOf(new RefusedRequest('conflict', 'It is over.', { members: { run_status: 'failed', status: 1 } }));
  expect(await response.json()).toEqual({
    type: 'urn:ensemble:problem:conflict',
    title: 'The state of the run or the scope does not allow that',
    status: 409,
    code: 'conflict',
    detail: 'It is over.',
    run_status: 'failed',
  });
  expect(log).not.toHaveBeenCalled();
});

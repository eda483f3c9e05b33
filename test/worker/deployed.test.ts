import { expect, test } from 'vitest';
import { HOST_ROUTES, HOST_TOKEN_HEADER, WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import { openDeployed } from '../support/deployed-worker.ts';

const HELLO = 'ensemble: hello\nagents:\n  - name: greet\n    operation: transform\n    config: { value: "${`hello ${input.name}`}" }\n';

test('a built project starts in workerd, and serves nothing to who has no credentials', async () => {
  await using worker = await openDeployed({ files: { 'ensembles/hello.yaml': HELLO } });
  const response = await worker.fetch('/');
  expect(response.status).toBe(404);
});

test('the routes of a local host are there only for who knows the token that a deployed Worker does not have', async () => {
  await using worker = await openDeployed({ files: { 'ensembles/hello.yaml': HELLO } });
  const asked = await worker.fetch(HOST_ROUTES.ping, { headers: { [HOST_TOKEN_HEADER]: '' } });
  expect(asked.status).toBe(404);
  await using host = await openDeployed({ files: { 'ensembles/hello.yaml': HELLO }, vars: { [WORKER_BINDINGS.hostToken]: 'secret' } });
  expect((await host.fetch(HOST_ROUTES.ping, { headers: { [HOST_TOKEN_HEADER]: 'secret' } })).status).toBe(204);
});

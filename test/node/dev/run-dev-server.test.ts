import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderOf } from '../../../src/node/data-folder.ts';
import type { DevEvent } from '../../../src/node/dev/dev-event.ts';
import { runDevServer } from '../../../src/node/dev/run-dev-server.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { hostFolderOf } from '../../../src/node/host-process/host-folder.ts';
import { readHostRecord } from '../../../src/node/host-process/host-record.ts';
import { openTestServer, sendJson } from '../../support/http-server.ts';
import { writeProject } from '../../support/written-project.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const ask = (url: string) => `
ensemble: ask
trigger:
  - { type: http, path: /ask, methods: [GET], public: true }
agents:
  - { name: a, operation: http, config: { url: "${url}" } }
output: "\${a.output}"
`;

test('a project with mistakes is served once they are gone; its runs reach this machine; an end before that leaves nothing', async () => {
  await using shop = await openTestServer((_request, response) => sendJson(response, { ok: true }));
  using written = writeProject({ 'ensembles/ask.yaml': `${ask(shop.origin)}ouput: 1\n` });
  const project = findProject(written.root);
  const port = await freePort();
  const end = new AbortController();
  const events: DevEvent[] = [];
  const ended = runDevServer({ project, host: '127.0.0.1', port, cron: false, tell: (event) => events.push(event), signal: end.signal });
  const types = () => events.map(({ type }) => type);
  await expect.poll(types).toContain('refused');
  expect(events[0]).toMatchObject({ type: 'refused', serving: false });
  expect((await fetch(`http://127.0.0.1:${port}/ask`)).status).toBe(503);
  // Nothing runs, so the data is everybody's.
  expect(existsSync(join(dataFolderOf(project), 'ensemble-lock'))).toBe(false);

  writeFileSync(join(written.root, 'ensembles/ask.yaml'), ask(shop.origin));
  await expect.poll(types, { timeout: 60_000 }).toContain('ready');
  const answer = await fetch(`http://127.0.0.1:${port}/ask`);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  expect(readHostRecord(hostFolderOf(dataFolderOf(project)))?.dev?.url).toBe(`http://127.0.0.1:${port}`);

  end.abort();
  await ended;
  expect(readHostRecord(hostFolderOf(dataFolderOf(project)))).toBeUndefined();
});

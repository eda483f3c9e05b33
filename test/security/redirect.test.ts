import { expect, test } from 'vitest';
import { openTestServer } from '../support/http-server.ts';
import { openTestProject } from '../support/test-project.ts';

test('a redirect to another host carries no Authorization, neither from headers nor from the URL', async () => {
  await using other = await openTestServer((_request, response) => void response.end('"arrived"'));
  await using server = await openTestServer((request, response) => {
    response
      .writeHead(request.url === '/here' ? 200 : 302, { location: request.url === '/same' ? '/here' : `${other.origin}/there` })
      .end();
  });
  await using project = await openTestProject({});
  const userInfo = server.origin.replace('//', '//user:password@');
  await project.runText(
    'ensembles/redirect.yaml',
    `ensemble: redirect
agents:
  - { name: same, operation: http, config: { url: "${server.origin}/same", headers: { authorization: Bearer abc } } }
  - { name: header, operation: http, config: { url: "${server.origin}/away", headers: { authorization: Bearer abc } } }
  - { name: url, operation: http, config: { url: "${userInfo}/away" } }
`,
  );
  expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/same', 'Bearer abc'],
    ['/here', 'Bearer abc'],
    ['/away', 'Bearer abc'],
    ['/away', `Basic ${btoa('user:password')}`],
  ]);
  expect(other.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/there', undefined],
    ['/there', undefined],
  ]);
});

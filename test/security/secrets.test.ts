import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../support/http-server.ts';
import { openTestProject, type TestProject } from '../support/test-project.ts';
import { filesIn } from './support/secret-forms.ts';

const FROM_FILE = 'sk"dev/vars+é 77';
const FROM_OPTION = 'var-token-0123456789';
const FROM_STATE = 'state-pin-987654';

/** Each agent shows the secrets in another way. */
const LEAKY = `ensemble: leaky
state:
  schema: { pin: { type: string, secret: true } }
agents:
  - name: says
    operation: code
    state: { set: { pin: "\${says.output.pin}" } }
    config:
      code: |
        const both = env.API_KEY + '|' + env.MY_TOKEN;
        console.log(both, btoa(encodeURIComponent(env.API_KEY)), btoa('user:' + env.MY_TOKEN), encodeURIComponent(both));
        console.error(JSON.stringify({ deep: JSON.stringify({ both }) }), new Error(both));
        return { both, [both]: 1, pin: 'state-pin-' + 987654 };
  - name: throws
    operation: code
    onError: continue
    config: { code: "throw new Error(env.API_KEY + env.MY_TOKEN)" }
  - name: queries
    operation: data
    onError: continue
    config: { backend: d1, query: "\${env.MY_TOKEN}", params: ["\${env.API_KEY}"] }
  - name: fetches
    operation: http
    onError: continue
    config:
      url: ORIGIN/\${env.API_KEY}?k=\${env.API_KEY}&t=\${env.MY_TOKEN}
      headers: { authorization: "Bearer \${env.MY_TOKEN}" }
      body: { key: "\${env.API_KEY}" }
      expect: 404
  - name: echoes
    operation: http
    config: { url: ORIGIN, headers: { x-token: "\${env.MY_TOKEN}" } }
  - name: remembers
    operation: log
    state: { use: [pin] }
    config: { message: "\${state.pin} \${env.API_KEY}" }
output: { said: "\${says.output}", threw: "\${throws.failure}", queried: "\${queries.error}", fetched: "\${fetches.error}", echoed: "\${echoes.output}", pin: "\${state.pin}" }
`;

let project: TestProject;
let server: TestServer;
beforeAll(async () => {
  // Answers with all that it was sent, as servers that explain an error do.
  server = await openTestServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request));
  });
  project = await openTestProject({ files: { '.dev.vars': `API_KEY='${FROM_FILE}'\n` } });
});
afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const escaped = JSON.stringify(FROM_FILE).slice(1, -1);
const WRITTEN = [
  FROM_FILE,
  escaped,
  encodeURIComponent(FROM_FILE),
  new URL(`http://h/${FROM_FILE}`).pathname.slice(1),
  FROM_OPTION,
  FROM_STATE,
];

describe('a secret of .dev.vars, of --var or of the state', () => {
  test('is in no event of a run that shows it in every way it can, nor in a file of the data folder', async () => {
    const { events, finished } = await project.runText('ensembles/leaky.yaml', LEAKY.replaceAll('ORIGIN', server.origin), {
      vars: { MY_TOKEN: FROM_OPTION },
      secretVars: ['MY_TOKEN'],
    });
    expect(finished.status).toBe('succeeded');
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${FROM_OPTION}`);
    const told = JSON.stringify(events);
    expect(told).toContain('[secret API_KEY]');
    for (const text of [...WRITTEN, JSON.stringify(escaped).slice(1, -1)]) {
      expect(told).not.toContain(text);
      expect(told).not.toContain(JSON.stringify(text).slice(1, -1));
    }
    const files = [...filesIn(join(project.root, '.ensemble'))];
    expect(files.some((path) => path.includes('RunObject'))).toBe(true);
    for (const file of files) {
      const bytes = readFileSync(file);
      expect(WRITTEN.filter((text) => bytes.includes(text)).map((text) => `${text} in ${file}`)).toEqual([]);
    }
  });
});

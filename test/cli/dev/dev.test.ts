import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processIdentity } from '../../../src/node/lock/process-identity.ts';
import { type DevServer, openDev, openDevIn } from '../../support/dev-server.ts';
import { runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { portsOf, workerdPid } from '../../support/tcp-ports.ts';
import { writeProject } from '../../support/written-project.ts';

const hello = (word: string) => `
ensemble: hello
trigger:
  - { type: http, path: "/hello/:name", methods: [GET], public: true }
agents:
  - name: greet
    operation: code
    config:
      code: |
        return { text: '${word} ' + input.name }
    input:
      name: \${input.params.name}
`;
const FILES = {
  'wrangler.toml': `
name = "shop"
compatibility_date = "2026-07-01"
[vars]
PLACE = "here"
[[kv_namespaces]]
binding = "CACHE"
id = "cache"
[[d1_databases]]
binding = "DB"
database_name = "shop"
database_id = "shop"
migrations_dir = "migrations"
[[queues.consumers]]
queue = "orders"
max_batch_timeout = 0
max_retries = 1
dead_letter_queue = "orders-dead"
`,
  '.dev.vars': 'SIGN=swordfish-and-trout\n',
  'migrations/0001_items.sql': 'CREATE TABLE items (name TEXT);\n',
  'ensembles/hello.yaml': hello('hello'),
  'ensembles/count.yaml': `
ensemble: count
agents:
  - { name: add, operation: storage, config: { type: d1, action: query, sql: "INSERT INTO items VALUES ('x') RETURNING name" } }
output: { place: "\${env.PLACE}", sign: "\${env.SIGN == 'swordfish-and-trout'}" }
`,
  'ensembles/nightly.yaml': `
ensemble: nightly
trigger:
  - { type: cron, cron: "0 3 * * *", timezone: Europe/Berlin, input: { from: cron } }
agents:
  - { name: a, operation: transform, config: { value: "\${input.from}" } }
`,
  'ensembles/orders.yaml': `
ensemble: orders
input:
  id: integer
trigger:
  - { type: queue, queue: orders }
agents:
  - name: check
    operation: code
    config:
      code: |
        if (input.id < 0) throw new Error('no such order');
        return input.id;
    input: { id: "\${input.id}" }
`,
  'ensembles/mail.yaml': `
ensemble: mail
trigger:
  - { type: email, addresses: [shop@example.com], public: true }
agents:
  - { name: a, operation: transform, config: { value: "\${input.subject}" } }
`,
  'ensembles/slow.yaml': `
ensemble: slow
agents:
  - { name: hold, operation: wait, config: { for_signal: go } }
  - { name: last, operation: transform, config: { value: went } }
`,
};

let dev: DevServer;
beforeAll(async () => {
  dev = await openDev(FILES);
});
afterAll(() => dev[Symbol.asyncDispose]());

const text = async (path: string) => (await dev.fetch(path)).text();

describe('ensemble dev serves what would be deployed', () => {
  test('an http trigger, its route as it is written', async () => {
    const answer = await dev.fetch('/hello/ann');
    expect([answer.status, await answer.json()]).toEqual([200, { text: 'hello ann' }]);
    const { run } = await dev.waitFor('run', (event) => event.run.ensemble === 'hello' && event.run.status === 'succeeded');
    expect(run.file).toBe('ensembles/hello.yaml');
    expect(await dev.waitFor('request', ({ path }) => path === '/hello/ann')).toMatchObject({ method: 'GET', status: 200 });
  });

  test('the HTTP API, with the key that it tells and with no other', async () => {
    const answer = await dev.ask('/api/v1/ensembles/count/runs?wait=20s', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ status: 'succeeded', output: { place: 'here', sign: true } });
    expect((await dev.fetch('/api/v1/ensembles')).status).toBe(401);
    expect((await dev.ask('/api/v1/ensembles', { headers: { authorization: 'Bearer wrong-wrong-wrong-wrong' } })).status).toBe(401);
  });

  test('neither the routes of a host nor those of the emulator', async () => {
    expect((await dev.fetch('/__ensemble/ping')).status).toBe(404);
    expect((await dev.fetch('/cdn-cgi/handler/scheduled?cron=0+3+*+*+*')).status).toBe(404);
    expect((await dev.fetch('/cdn-cgi/explorer')).status).toBe(404);
    expect((await dev.fetch('/nothing')).status).toBe(404);
  });

  test.runIf(process.platform === 'linux')(
    'on the port of the front alone: that of its workerd answers nobody who asks by himself',
    async () => {
      const ports = portsOf(workerdPid(dev.root));
      expect(ports).toHaveLength(1);
      const before = (await dev.cli('runs', '--json')).stdout;
      const asked: [string, RequestInit][] = [
        ['/hello/ann', {}],
        ['/hello/ann', { headers: { 'x-ensemble-host-token': '' } }],
        ['/hello/ann', { headers: { 'x-ensemble-host-token': '0'.repeat(48) } }],
        ['/__ensemble/ping', {}],
        ['/__ensemble/mail', { method: 'POST', body: '{"from":"a@b.c","to":"shop@example.com","raw":""}' }],
        ['/api/v1/ensembles', { headers: { authorization: `Bearer ${dev.key}` } }],
        ['/cdn-cgi/handler/scheduled?cron=0+3+*+*+*', {}],
        ['/cdn-cgi/mf/scheduled', {}],
        ['/cdn-cgi/handler/email?from=a@b.c&to=shop@example.com', { method: 'POST', body: 'subject: x\r\nmessage-id: <1@b.c>\r\n\r\nx' }],
      ];
      for (const [path, init] of asked)
        expect([path, (await fetch(`http://127.0.0.1:${ports[0]}${path}`, init)).status]).toEqual([path, 404]);
      expect((await dev.cli('runs', '--json')).stdout).toBe(before);
    },
  );

  test('other commands are given its data and its runs', async () => {
    const run = await dev.cli('run', 'count', '--quiet');
    expect([run.code, JSON.parse(run.stdout)]).toEqual([0, { place: 'here', sign: true }]);
    const runs = await dev.cli('runs', '--json');
    expect(runs.stdout).toContain('"ensemble":"count"');
    const status = await dev.cli('host', 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ pid: dev.pid, url: dev.url, outdated: false });
  });

  test('a command that would have the data for itself says who has it', async () => {
    const { code, stderr } = await runCli(['run', 'count'], { cwd: dev.root });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: ensemble dev serves this project (pid ${dev.pid}) and has its data: leave out --no-host (or ENSEMBLE_NO_HOST), or end ensemble dev first\n`,
    );
  });

  test('a second one on the project, or on the port, says so and changes nothing', async () => {
    const second = await dev.cli('dev', '--port', '0');
    expect([second.code, second.stderr]).toEqual([
      1,
      `error: ensemble dev serves this project already (pid ${dev.pid}, ${dev.url}): use that one, or end it first\n`,
    ]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    using other = writeProject({ 'ensembles/hello.yaml': hello('x') });
    const { port } = server.address() as AddressInfo;
    const taken = await runCli(['dev', '--port', String(port)], { cwd: other.root, env: SHARED_HOST });
    server.close();
    expect([taken.code, taken.stderr]).toEqual([
      1,
      `error: port ${port} is taken by another program: give another one with --port (0 = any that is free)\n`,
    ]);
    expect(existsSync(join(other.root, '.ensemble'))).toBe(false);
  });
});

describe('ensemble trigger', () => {
  test('cron fires whatever the time is, each time anew', async () => {
    const first = await dev.cli('trigger', 'cron', 'nightly', '--wait');
    const second = await dev.cli('trigger', 'cron', 'ensembles/nightly.yaml', '--json');
    expect([first.code, first.stdout.split('\n').slice(1).join('\n')]).toEqual([0, 'cron\n']);
    const { runs } = JSON.parse(second.stdout);
    expect(runs).toEqual([{ run: expect.any(String), ensemble: 'nightly' }]);
    expect(first.stdout).not.toContain(runs[0].run);
  });

  test('queue starts a run for each message, and says when one did not begin', async () => {
    const both = await dev.cli('trigger', 'queue', 'orders', '--message', '{"id":7}', '--message', '{"id":8}', '--json');
    expect([both.code, JSON.parse(both.stdout).runs.length]).toEqual([0, 2]);
  });

  test('a message that no run can take, and one whose run fails, end in the dead-letter queue', async () => {
    const from = dev.events.length;
    const { code, stdout, stderr } = await dev.cli('trigger', 'queue', 'orders', '--message', '{"id":"seven"}');
    expect([code, stdout, stderr]).toEqual([3, '', 'no run has begun: what ensemble dev shows may say why\n']);
    const { line } = await dev.waitFor('log', (event) => event.line.includes('dead letter queue'), from);
    expect(line).toMatch(/on queue "orders" to dead letter queue "orders-dead" after 2 failed attempts/);
  });

  test('email hands the message to the ensemble that has the address', async () => {
    const sent = ['--from', 'ann@example.com', '--subject', 'Grüße – 7', '--text', 'Zwölf'];
    const given = await dev.cli('trigger', 'email', 'shop@example.com', ...sent, '--wait');
    expect([given.code, given.stdout.split('\n')[1]]).toEqual([0, 'Grüße – 7']);
    const refused = await dev.cli('trigger', 'email', 'nobody@example.com', ...sent);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('error: the email was refused: ')]);
  });

  test.each([
    [['cron', 'nightl'], 'there is no ensemble "nightl"; did you mean "nightly"?'],
    [['cron', 'hello'], 'the ensemble "hello" has no cron trigger; cron triggers have: nightly'],
    [['queue', 'order', '--message', '1'], 'no ensemble reads the queue "order"; did you mean "orders"?'],
  ])('%j says what there is', async (args, message) => {
    const { code, stderr } = await dev.cli('trigger', ...args);
    expect([code, stderr]).toEqual([1, `error: ${message}\n`]);
  });
});

describe('a change of a file', () => {
  test('is served at once; mistakes are told, and what was served before goes on', async () => {
    let from = dev.events.length;
    dev.write('ensembles/hello.yaml', hello('goodbye'));
    expect((await dev.waitFor('reloaded', undefined, from)).changed).toEqual(['hello']);
    expect(await text('/hello/ann')).toBe('{"text":"goodbye ann"}');

    from = dev.events.length;
    dev.write('ensembles/hello.yaml', `${hello('never')}\nouput: 1\n`);
    const refused = await dev.waitFor('refused', undefined, from);
    expect(refused.serving).toBe(true);
    expect(refused.diagnostics.map(({ code }) => code)).toEqual(['unknown-key']);
    expect(await text('/hello/ann')).toBe('{"text":"goodbye ann"}');

    from = dev.events.length;
    dev.write('ensembles/hello.yaml', hello('goodbye'));
    expect((await dev.waitFor('reloaded', undefined, from)).changed).toEqual([]);
  });

  test('of the wrangler configuration or of secrets is served, too', async () => {
    const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    let from = dev.events.length;
    dev.write('wrangler.toml', FILES['wrangler.toml'].replace('"here"', '"there"'));
    await dev.waitFor('reloaded', undefined, from);
    from = dev.events.length;
    dev.write('.dev.vars', 'SIGN=other\n');
    await dev.waitFor('reloaded', undefined, from);
    const answer = await dev.ask('/api/v1/ensembles/count/runs?wait=20s', body);
    expect(await answer.json()).toMatchObject({ output: { place: 'there', sign: false } });
    from = dev.events.length;
    dev.write('wrangler.toml', 'name = ');
    expect((await dev.waitFor('problem', undefined, from)).message).toContain('wrangler.toml:1');
    expect((await dev.fetch('/hello/ann')).status).toBe(200);
  });

  test('adds a migration, or asks workerd for what it does not have: the one is applied, the other told', async () => {
    let from = dev.events.length;
    dev.write('migrations/0002_more.sql', 'CREATE TABLE more (name TEXT);\n');
    dev.write('wrangler.toml', FILES['wrangler.toml']);
    await dev.waitFor('reloaded', undefined, from);
    expect(dev.events.slice(from)).toContainEqual({
      at: expect.any(Number),
      type: 'notice',
      notice: { type: 'migrated', database: 'DB', files: ['0002_more.sql'] },
    });
    from = dev.events.length;
    dev.write('wrangler.toml', `compatibility_flags = ["no_such_flag"]\n${FILES['wrangler.toml']}`);
    const { message, serving } = await dev.waitFor('problem', undefined, from);
    expect([message.includes('No such compatibility flag: no_such_flag'), serving]).toEqual([true, true]);
    expect((await dev.fetch('/hello/ann')).status).toBe(200);
  });

  test('leaves runs at work to go on', async () => {
    const started = await dev.cli('run', 'slow', '--detach');
    const id = started.stdout.trim();
    await dev.waitFor('run', ({ run }) => run.run === id && run.status === 'waiting');
    const from = dev.events.length;
    dev.write('wrangler.toml', FILES['wrangler.toml'].replace('"here"', '"elsewhere"'));
    await dev.waitFor('reloaded', undefined, from);
    await dev.cli('signal', id, 'go');
    const { run } = await dev.waitFor('run', (event) => event.run.run === id && event.run.status === 'succeeded', from);
    expect(run.ensemble).toBe('slow');
  });
});

describe('the end', () => {
  test("of two that start at once one serves, and the other says which; one that is killed is in nobody's way", async () => {
    using project = writeProject({ 'ensembles/hello.yaml': hello('hello') });
    const both = await Promise.allSettled([openDevIn(project.root), openDevIn(project.root)]);
    const [winner] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const losses = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(losses).toEqual([
      expect.stringContaining(`error: ensemble dev serves this project already (pid ${winner?.pid}, ${winner?.url})`),
    ]);
    expect(await winner?.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const runs = await runCli(['runs', '--json'], { cwd: project.root });
    expect(runs.code).toBe(0);
  });

  test('leaves no process and no lock behind: the next command has the data', async () => {
    const status = JSON.parse((await dev.cli('host', 'status', '--json')).stdout);
    expect(await dev.end('SIGINT')).toEqual({ code: 130, signal: null });
    expect(processIdentity(status.workerd.pid)).toBeUndefined();
    expect(existsSync(status.socket)).toBe(false);
    await expect(dev.fetch('/hello/ann')).rejects.toThrow();
    const trigger = await dev.cli('trigger', 'cron', 'nightly');
    expect([trigger.code, trigger.stderr]).toEqual([
      1,
      'error: triggers are fired at ensemble dev, and none is up for this project: start it in another terminal with "ensemble dev"\n',
    ]);
    const runs = await runCli(['runs', '--json'], { cwd: dev.root });
    expect(runs.stdout).toContain('"ensemble":"nightly"');
    await stopHostOf(dev.root);
  });
});

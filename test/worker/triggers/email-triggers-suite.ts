import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { echoEnsemble, HOST_TOKEN, TriggeredRuns } from './triggered-runs.ts';

const SECRET = 'a-secret-of-some-length';

const guarded = (address: string, variable: string) =>
  `{ type: email, addresses: ${address}, auth: { type: bearer, secret: '\${env.${variable}}' } }`;

const FILES: Readonly<Record<string, string>> = {
  'ensembles/guarded.yaml': echoEnsemble('guarded', guarded('orders@example.com', 'SECRET')),
  'ensembles/inbox.yaml': echoEnsemble('inbox', "{ type: email, addresses: ['*@example.com'], public: true }"),
  'ensembles/strict.yaml': echoEnsemble(
    'strict',
    '{ type: email, addresses: strict@example.com, public: true }',
    'input: { subject: { type: string, minLength: 5 } }',
  ),
  'ensembles/narrow.yaml': echoEnsemble(
    'narrow',
    '{ type: email, addresses: narrow@example.com, public: true }',
    'input: { type: object, properties: { subject: { type: string } }, additionalProperties: false }',
  ).replace('input.fails', '!input.subject'),
  'ensembles/closed.yaml': echoEnsemble('closed', guarded('closed@example.com', 'MISSING')),
};

interface Mail {
  readonly from?: string;
  readonly id?: string;
  readonly headers?: readonly string[];
  readonly subject?: string;
  /** With headers of its own in front. */
  readonly body?: readonly string[];
}

const NOBODY = { outcome: 'ok', rejectReason: 'No such address here.' };

/** The email triggers of a built Worker, which `open` starts. */
export function emailTriggersSuite(open: typeof openDeployed): void {
  describe('a mail', () => {
    let worker: DeployedWorker;
    let runs: TriggeredRuns;
    beforeAll(async () => {
      worker = await open({
        files: FILES,
        vars: { [WORKER_BINDINGS.hostToken]: HOST_TOKEN, SECRET },
        options: { unsafeTriggerHandlers: true },
      });
      runs = new TriggeredRuns(worker);
    });
    afterAll(() => worker[Symbol.asyncDispose]());

    let mails = 0;
    const send = async (to: string, { from = 'ann@example.org', id, headers = [], subject = 'Hello', body }: Mail = {}) => {
      mails += 1;
      const date = 'Date: Fri, 01 May 2026 10:00:00 +0000';
      const head = [`From: Ann <${from}>`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: ${id ?? `<${mails}@example.org>`}`, date];
      const raw = [...head, ...headers, ...(body ?? ['Content-Type: text/plain', '', 'Two of them, please.'])].join('\r\n');
      const query = new URLSearchParams({ from, to, format: 'json' });
      const response = await worker.fetch(`/cdn-cgi/handler/email?${query}`, { method: 'POST', body: raw });
      return (await response.json()) as { readonly outcome: string; readonly rejectReason?: string };
    };

    test('starts a run with what it says', async () => {
      expect(await send('Sales@example.com', { id: '<first@example.org>' })).toMatchObject({ outcome: 'ok' });
      const { input, trigger, tainted } = await runs.lastEcho('inbox');
      expect(input).toEqual({
        from: 'ann@example.org',
        to: 'sales@example.com',
        subject: 'Hello',
        text: expect.stringMatching(/^Two of them, please\.\s*$/),
        html: '',
        attachments: [],
        message_id: '<first@example.org>',
        date: '2026-05-01T10:00:00.000Z',
        reply_to: [],
        cc: [],
        headers: expect.objectContaining({ subject: 'Hello', from: 'Ann <ann@example.org>' }),
      });
      const { from, to, subject, date, message_id } = input;
      expect(trigger).toEqual({ type: 'email', from, to, subject, date, message_id });
      expect(tainted).toBe(true);
    });

    test('hands over its attachments, without the content of those for which there is no room', async () => {
      const attach = (name: string, content: string) => [
        ...['--b', `Content-Type: text/csv; name=${name}`, `Content-Disposition: attachment; filename=${name}`],
        ...['Content-Transfer-Encoding: base64', '', content],
      ];
      const html = ['--b', 'Content-Type: text/html', '', '<p>See there</p>'];
      const head = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''];
      await send('sales@example.com', { body: [...head, ...html, ...attach('a.csv', 'MSwy'), ...attach('b.csv', ''), '--b--', ''] });
      const { input } = await runs.lastEcho('inbox');
      expect(input).toMatchObject({
        html: expect.stringContaining('See there'),
        attachments: [
          { filename: 'a.csv', mime_type: 'text/csv', size: 3, content: 'MSwy' },
          { filename: 'b.csv', mime_type: 'text/csv', size: 0, content: '' },
        ],
      });
    });

    test.each([
      ['as the tag of the address', `orders+${SECRET}@example.com`, {}],
      ['in a header', 'orders@example.com', { headers: [`Ensemble-Token: ${SECRET}`] }],
    ])('starts a guarded ensemble with the secret %s, which the run does not see', async (_, to, mail) => {
      await runs.expectStarted(1, 'guarded', () => send(to, mail));
      const { input } = await runs.lastEcho('guarded');
      expect(input).toMatchObject({ to: 'orders@example.com', headers: { to: 'orders@example.com' } });
      expect(JSON.stringify(input)).not.toMatch(/a-secret|\[secret/);
    });

    test.each([
      'orders@example.com',
      'orders+@example.com',
      'orders+wrong@example.com',
      `orders+${SECRET}x@example.com`,
      `orders+${SECRET.toUpperCase()}@example.com`,
      `${SECRET}+orders@example.com.evil.org`,
    ])('to %s is rejected without the secret, and goes to no other ensemble either', async (to) => {
      const sent = await runs.expectStarted(0, 'inbox', () => runs.expectStarted(0, 'guarded', () => send(to)));
      expect(sent).toMatchObject(NOBODY);
    });

    test.each(['ann@example.net', 'a@b', 'closed@example.com', 'closed+@example.com', '@example.com.evil.org'])(
      'to %s is rejected',
      async (to) => {
        expect(await send(to)).toMatchObject(NOBODY);
        expect(await runs.of('closed')).toEqual([]);
      },
    );

    test('that comes again starts nothing, and one of the same id from another sender does', async () => {
      const id = '<again@example.org>';
      await runs.expectStarted(1, 'inbox', async () => [await send('sales@example.com', { id }), await send('sales@example.com', { id })]);
      await runs.expectStarted(1, 'inbox', () => send('sales@example.com', { id, from: 'bob@example.org' }));
    });

    test('gives an ensemble that takes no other fields than its own those', async () => {
      await send('narrow@example.com', { subject: 'Only this' });
      expect((await runs.lastEcho('narrow')).input).toEqual({ subject: 'Only this' });
    });

    test('that the ensemble does not take is rejected', async () => {
      const sent = await runs.expectStarted(0, 'strict', () => send('strict@example.com', { subject: 'Hi' }));
      expect(sent).toMatchObject({ rejectReason: 'The message is not what is expected here.' });
      await runs.expectStarted(1, 'strict', () => send('strict@example.com', { subject: 'Hello there' }));
    });
  });
}

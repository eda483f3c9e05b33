import { describe, expect, test } from 'vitest';
import { fitOf, readRecipient } from '../../../../src/worker/triggers/email/match-address.ts';
import { readMail } from '../../../../src/worker/triggers/email/read-mail.ts';
import { fc } from '../../../support/fast-check.ts';

function read(raw: string, to = 'orders@example.com', hidesTag = false, from = 'ann@example.org') {
  return readMail({ from, raw: new Blob([raw]).stream() }, readRecipient(to), hidesTag);
}

const mail = (...lines: readonly string[]) => ['From: ann@example.org', 'To: orders@example.com', 'Subject: Hello', ...lines].join('\r\n');

describe('a mail', () => {
  test('has no content of attachments for which there is no room, and no more than a hundred of them', async () => {
    const part = (name: string, content: string) =>
      `--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${content}\r\n`;
    const head = mail('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '');
    const large = await read(
      `${head}${part('a', 'x'.repeat(2 * 1024 * 1024))}${part('b', 'y'.repeat(2 * 1024 * 1024))}${part('c', 'z')}--b--\r\n`,
    );
    expect(large?.attachments).toMatchObject([
      { filename: 'a', content: expect.stringMatching(/^eHh4/) },
      { filename: 'b', content: null },
      { filename: 'c', content: 'ego=' },
    ]);
    for (const count of [99, 100, 101]) {
      const many = await read(`${head}${part('a', 'x').repeat(count)}--b--\r\n`);
      expect(many?.attachments).toHaveLength(Math.min(count, 100));
    }
  });

  test('has the first 1,048,576 characters of its text', async () => {
    const long = await read(mail('', 'x'.repeat(1024 * 1024 + 1)));
    expect(long?.text).toHaveLength(1024 * 1024);
    const all = await read(mail('', `${'x'.repeat(1024 * 1024 - 2)}y`));
    expect(all?.text.trimEnd()).toHaveLength(1024 * 1024 - 1);
    const halved = await read(mail('Content-Type: text/plain; charset=utf-8', '', `${'x'.repeat(1024 * 1024 - 1)}😀`));
    expect(halved?.text.slice(-2)).toBe('x\ufffd');
  });

  test('keeps headers of all names, a line each when they come several times', async () => {
    const { headers } = (await read(mail('Received: one', 'Received: two', '__proto__: x', 'constructor: y', '', 'text'))) ?? {};
    expect(headers).toMatchObject({ received: 'one\ntwo', constructor: 'y' });
    expect(Object.getOwnPropertyNames(headers)).toContain('__proto__');
  });

  test('tells the tag of its address only where it is no secret', async () => {
    const raw = 'To: Orders+abc@example.com\r\nEnsemble-Token: abc\r\nSubject: to +abc@\r\n\r\n> To: orders+abc@example.com';
    expect(await read(raw, 'Orders+abc@example.com', false)).toMatchObject({ to: 'orders+abc@example.com' });
    const hidden = await read(raw, 'Orders+abc@example.com', true);
    expect(hidden?.to).toBe('orders@example.com');
    expect(JSON.stringify(hidden)).not.toContain('abc');
  });

  test('tells a secret tag also where a server wrote the address into another one, or into a link', async () => {
    const bounces = 'bounces-17-orders+a.b*c=example.com@mailer.example';
    const raw = `Return-Path: <${bounces}>\r\nReply-To: <${bounces}>\r\nTo: ORDERS+A.B*C@example.com\r\n\r\nhttps://x.example/?u=orders%2Ba.b*c%40example.com a.b*c`;
    const hidden = await read(raw, 'orders+a.b*c@example.com', true, bounces);
    expect(hidden).toMatchObject({
      from: 'bounces-17-orders=example.com@mailer.example',
      reply_to: ['bounces-17-orders=example.com@mailer.example'],
      text: 'https://x.example/?u=orders%40example.com a.b*c\n',
    });
    expect(JSON.stringify(hidden?.headers).toLowerCase()).not.toContain('a.b*c');
  });

  test('of any bytes is read or not, and never throws', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '--b',
        '--b--',
        '',
        'Content-Type: multipart/mixed; boundary=b',
        'Content-Transfer-Encoding: base64',
        'Content-Type: message/rfc822',
        'Date: never',
        'Reply-To: a: b, <c',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        const found = await read(lines.join('\r\n'));
        if (found !== undefined) expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }),
      { numRuns: 50 },
    );
  });
});

describe('an address', () => {
  const trigger = (...addresses: readonly string[]) => ({ type: 'email' as const, public: true, addresses });

  test.each([
    ['orders@example.com', 2],
    ['ORDERS@Example.COM', 2],
    ['orders+eu@example.com', 2],
    ['other@example.org', 1],
    ['a+b@example.org', 1],
    ['orders@example.com.evil.org', 0],
    ['x@sub.example.org', 0],
    ['*@example.org', 1],
    ['orders', 0],
    ['@', 0],
    ['', 0],
  ])('%s fits a list of addresses and domains: %i', (address, fit) => {
    expect(fitOf(trigger('orders@example.com', '*@example.org'), readRecipient(address))).toBe(fit);
  });

  test('that is listed with its tag fits with it alone', () => {
    const closeness = (address: string) => fitOf(trigger('orders+eu@example.com'), readRecipient(address));
    expect([
      closeness('orders+eu@example.com'),
      closeness('Orders+EU@example.com'),
      closeness('orders+us@example.com'),
      closeness('orders@example.com'),
    ]).toEqual([2, 2, 0, 0]);
  });
});

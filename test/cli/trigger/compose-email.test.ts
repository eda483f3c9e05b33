import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { composeEmail } from '../../../src/cli/trigger/compose-email.ts';
import { fc } from '../../support/fast-check.ts';

const parts = { from: 'ann@example.com', to: 'shop@example.com', at: Date.parse('2026-11-21T10:00:00Z') };

describe('an email that is composed', () => {
  test('holds what it was given, in any language', async () => {
    const mail = await PostalMime.parse(composeEmail({ ...parts, subject: 'Grüße – 订单 7', text: 'Zwölf\nZeilen' }));
    expect([mail.from?.address, mail.to?.[0]?.address, mail.subject]).toEqual(['ann@example.com', 'shop@example.com', 'Grüße – 订单 7']);
    expect([mail.text?.trim(), mail.date]).toEqual(['Zwölf\r\nZeilen', '2026-11-21T10:00:00.000Z']);
    expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@ensemble\.localhost>$/);
  });

  test('no subject makes another header or a part of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        const [head = '', ...rest] = composeEmail({ ...parts, subject, text: 'x' }).split('\r\n\r\n');
        const names = head
          .replaceAll('\r\n ', '')
          .split('\r\n')
          .map((line) => line.slice(0, line.indexOf(': ')));
        expect(names.join()).toBe('From,To,Subject,Date,Message-ID,MIME-Version,Content-Type,Content-Transfer-Encoding');
        expect([rest, /^[\x20-\x7e\r\n]*$/.test(head)]).toEqual([['eA==\r\n'], true]);
      }),
    );
  });

  test('no line is longer than mail may be', () => {
    const lines = composeEmail({ ...parts, subject: 'ü'.repeat(300), text: 'y'.repeat(5_000) }).split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });
});

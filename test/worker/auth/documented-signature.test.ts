import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifySignature } from '../../../src/worker/auth/verify-signature.ts';
import { listFences } from '../../support/markdown.ts';

// Only workerd has it.
Object.defineProperty(crypto.subtle, 'timingSafeEqual', { value: timingSafeEqual });

test('what the documentation shows how to sign is verified', async () => {
  const text = readFileSync(new URL('../../../docs/auth.md', import.meta.url), 'utf8');
  const example = listFences(text).find(({ info }) => info === 'js signing')?.text ?? '';
  const { sign } = (await import(`data:text/javascript,${encodeURIComponent(example)}`)) as {
    sign(body: string, secret: string): Readonly<Record<string, string>>;
  };
  const secret = 'a-secret-of-some-length';
  const body = '{"id":"ü"}';
  const bytes = new Uint8Array(new TextEncoder().encode(body));
  expect(await verifySignature(new Headers(sign(body, secret)), bytes, secret, Date.now())).toBeDefined();
});

import { describe, expect, test } from 'vitest';
import { findKnownSecrets, isPlaceholder, looksRandom } from '../../../../src/language/checks/secrets/known-secrets.ts';

const RANDOM = 'q7Rk2ZtB9mXc4VnL8pWd3YhJ6sFgA1eU5oQi0TbN';
const digits = (count: number) => RANDOM.slice(0, count);
const hex = (count: number) => '7c4a8d09ca3762af61e59520943dc26494f8941b2d1e7a3f5b6c8d90e1f2a3b4'.slice(0, count);

/** Joined here, so that no scanner of this repository takes them for real ones. */
const TOKENS: readonly (readonly [string, string])[] = [
  ['an Anthropic API key', `sk-${'ant'}-api03-${digits(36)}`],
  ['an API key', `sk-${digits(32)}`],
  ['an API key', `sk-${'proj'}-${digits(36)}`],
  ['a Stripe key', `rk_${'live'}_${digits(24)}`],
  ['a Stripe signing secret', `whsec_${digits(32)}`],
  ['a GitHub token', `gh${'p'}_${digits(36)}`],
  ['a GitHub token', `github_${'pat'}_${digits(30)}`],
  ['a GitLab token', `gl${'pat'}-${digits(20)}`],
  ['a Slack token', `xox${'b'}-281940285-${digits(24)}`],
  ['an AWS access key', `AK${'IA'}Q3EGRWYTZ7LMNK2P`],
  ['a Google API key', `AI${'za'}${digits(35)}`],
  ['an npm token', `np${'m'}_${digits(36)}`],
  ['a SendGrid API key', `S${'G'}.${digits(22)}.${digits(36)}`],
  ['a Hugging Face token', `h${'f'}_${digits(34)}`],
  ['a Shopify token', `shp${'at'}_${hex(32)}`],
  ['a DigitalOcean token', `dop_${'v1'}_${hex(64)}`],
  ['a JSON Web Token', `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxMjM0In0.${digits(36)}`],
  ['a private key', `-----BEGIN ${'RSA'} PRIVATE KEY-----`],
];

describe('a known secret', () => {
  test.each(TOKENS)('is %s wherever it stands', (what, token) => {
    for (const text of [token, `Bearer ${token}`, `const key = '${token}';`, `a\nkey=${token}&b=1`]) {
      const [found, ...others] = findKnownSecrets(text);
      expect(others).toEqual([]);
      expect(found?.what).toBe(what);
      expect(text.slice(found?.start, found?.end)).toBe(token);
    }
  });

  test('is the password of an address, and of it the password alone', () => {
    const text = `redis://:s3cr3tPw@cache.test, mysql://shop:"x"@db`;
    expect(findKnownSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual(['s3cr3tPw']);
  });

  test.each([
    'sk-...',
    'sk-YOUR_API_KEY_GOES_HERE_2026',
    `ghp_${'x'.repeat(36)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'sk-some-long-name-of-an-agent-2026',
    'task-7c4a8d09ca3762af61e5',
    'https://user:password@host',
    'https://user:${env.PASSWORD}@host',
    'https://host/a:b@c',
    '-----BEGIN PUBLIC KEY-----',
    'eyJ.eyJ.x',
  ])('is not %s', (text) => {
    expect(findKnownSecrets(text)).toEqual([]);
  });

  test.each(['eyJ', 'sk-', 'SG.', '://', 'xoxb-', ':a@', 'https://a:', '-----BEGIN A '])(
    'is looked for in a long text of %s in linear time',
    (piece) => {
      expect(findKnownSecrets(piece.repeat(300_000 / piece.length))).toEqual([]);
    },
  );
});

test('a text looks random when a long stretch of it mixes letters and digits', () => {
  expect(['7Hq2vLk9PzR4mXw8', hex(32), 'a-3fA977b0d1c2e4f5'].map(looksRandom)).toEqual([true, true, true]);
  expect(
    ['correct horse battery staple 1', 'orders-of-2026-by-customer', 'a1a1a1a1a1a1a1', 'onlylettershere', '20261121101500'].map(
      looksRandom,
    ),
  ).toEqual(Array(5).fill(false));
  expect(isPlaceholder('<your token>')).toBe(true);
});

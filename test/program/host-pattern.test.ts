import { expect, test } from 'vitest';
import { matchesHost, parseHostPattern } from '../../src/program/host-pattern.ts';

test.each([
  ['api.example.com', 'https://api.example.com/x', true],
  ['API.Example.com', 'https://api.example.com./x', true],
  ['api.example.com', 'http://api.example.com:8080/', true],
  ['api.example.com', 'https://api.example.com.evil.example/', false],
  ['api.example.com', 'https://evil.example/api.example.com', false],
  ['api.example.com', 'https://api.example.com@evil.example/', false],
  ['example.com', 'https://api.example.com/', false],
  ['api.example.com', 'https://api.example.com\\@evil.example/', true],
  ['api.example.com', 'https://api.example.com\\.evil.example/', true],
  ['api.example.com', 'https://evil.example\\@api.example.com/', false],
  ['api.example.com', 'https://evil.example#@api.example.com', false],
  ['api.example.com', 'https://api.example.com%2eevil.example/', false],
  ['api.example.com', 'https://api.example.com..evil.example/', false],
  ['api.example.com', 'https://api。example。com/', true],
  ['api.example.com', 'https://api.example.co\u043c/', false],
  ['api.example.com', 'https://api.exam\nple.com/', true],
  ['*.example.com', 'https://.example.com/', true],
  ['*.example.com', 'https://x.example.com.evil.example/', false],
  ['*.com', 'https://evil.com/', true],
  ['10.0.0.1', 'http://10.0.0.1.evil.example/', false],
  ['10.0.0.1', 'http://0xa000001/', true],
  ['example.com:443', 'https://example.com:0443/', true],
  ['example.com:443', 'https://example.com:8443/', false],
  ['*.example.com', 'https://a.b.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://evilexample.com/', false],
  ['example.com:443', 'https://example.com/', true],
  ['example.com:443', 'http://example.com/', false],
  ['example.com:080', 'http://example.com/', true],
  ['bücher.example', 'https://xn--bcher-kva.example/', true],
  ['127.0.0.1', 'http://2130706433/', true],
  ['[::1]:3000', 'http://[0:0::1]:3000/', true],
])('%s and %s: %s', (pattern, url, expected) => {
  const parsed = parseHostPattern(pattern);
  expect(parsed && matchesHost(parsed, new URL(url))).toBe(expected);
});

test.each([
  '',
  '*',
  '*.',
  'https://example.com',
  'example.com/',
  'a.*.b',
  '*.*.b',
  'a b',
  'user@example.com',
  'example.com:70000',
  'example.com:',
  '::1',
  '[::g]',
  '\\',
])('%j is no host', (text) => {
  expect(parseHostPattern(text)).toBeUndefined();
});

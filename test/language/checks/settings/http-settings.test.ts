import { describe, expect, test } from 'vitest';
import { lint } from '../../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../../src/language/project-index.ts';
import type { JsonObject } from '../../../../src/program/json.ts';
import { Config } from '../../../../src/runtime/operations/config.ts';
import { buildRequest } from '../../../../src/runtime/operations/http/build-request.ts';
import { fc } from '../../../support/fast-check.ts';

const KEYS = ['url', 'method', 'headers', 'body'];

/** Errors that a check of the file finds in the config of an http agent; JSON is YAML. */
function findErrors(config: JsonObject): readonly string[] {
  const text = `ensemble: e\nagents: [{ name: a, operation: http, config: ${JSON.stringify(config)} }]\n`;
  return lint({ path: 'ensembles/e.yaml', text }, EMPTY_PROJECT)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

function isRefused(config: JsonObject): boolean {
  try {
    buildRequest(new Config('http', config, KEYS), 'key');
    return false;
  } catch {
    return true;
  }
}

const pieces = (...texts: readonly string[]) =>
  fc
    .array(
      fc.oneof(fc.constantFrom(...texts), fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom(...'aB9 -_.:/?#@%$&"\'é→\t') })),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(''));

describe('what is found wrong in a constant request is what the request is refused for', () => {
  test('its URL', () => {
    const urls = pieces('http', 'https', '://', 'localhost', ':8080', 'example.com', '/items', '[::1]', 'mailto:', 'HTTPS://');
    fc.assert(
      fc.property(urls, (url) => {
        expect({ url, refused: findErrors({ url }).length > 0 }).toEqual({ url, refused: isRefused({ url }) });
      }),
      { numRuns: 200 },
    );
  });

  test('its headers', () => {
    const names = pieces('X-', 'Accept', 'Type').filter((name) => name !== '');
    const values = fc.oneof(
      pieces('\n', '\r\n', ' ', 'text/plain', '\u0001', '\u007f'),
      fc.integer(),
      fc.constant(null),
      fc.constant([1]),
      fc.constant({}),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 3, noNullPrototype: true }), (headers) => {
        const config = { url: 'https://example.com', headers };
        expect({ headers, refused: findErrors(config).length > 0 }).toEqual({ headers, refused: isRefused(config) });
      }),
      { numRuns: 200 },
    );
  });

  test('its body beside its method', () => {
    for (const method of ['GET', 'get', 'HEAD', 'POST', 'DELETE']) {
      for (const body of ['', 'a', null, 0, false, {}, []]) {
        const config = { url: 'https://example.com', method, body };
        expect({ ...config, refused: findErrors(config).length > 0 }).toEqual({ ...config, refused: isRefused(config) });
      }
    }
  });
});

describe('an expression in a URL', () => {
  const holes = fc.constantFrom('${input.a}', '$<input.a>');
  const texts = fc.constantFrom(
    '',
    'a',
    'https://example.com/a b',
    'http:',
    's://',
    '://example.com',
    '/items',
    'localhost:80',
    '?q=1',
    'https://',
    'example.com',
  );

  test('is never found wrong where some value makes the address complete', () => {
    fc.assert(
      fc.property(
        texts,
        holes,
        texts,
        fc.constantFrom('', 's', 'http', 'https://example.com', 'https', '/', 'x'),
        (before, hole, after, value) => {
          fc.pre(!isRefused({ url: before + value + after }));
          expect(findErrors({ url: before + hole + after })).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

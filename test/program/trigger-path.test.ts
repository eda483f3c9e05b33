import { describe, expect, test } from 'vitest';
import { findTriggerConflicts } from '../../src/program/trigger-conflicts.ts';
import { comparePaths, matchTriggerPath, parseTriggerPath, reservedPrefixOf, shapeOfPath } from '../../src/program/trigger-path.ts';
import { fc } from '../support/fast-check.ts';

const match = (path: string, pathname: string) => {
  const parameters = matchTriggerPath(parseTriggerPath(path), pathname);
  return parameters && Object.fromEntries(parameters);
};

test.each([
  ['/', '/', {}],
  ['/orders', '/orders/', {}],
  ['/orders/', '/orders', {}],
  ['/orders/:id', '/orders/a%2Fb', { id: 'a/b' }],
  ['/orders/:id', '/orders/', undefined],
  ['/orders/:id', '/orders//', undefined],
  ['/orders/:id', '/orders/1/2', undefined],
  ['/a/b', '/a%2Fb', undefined],
  ['/café', '/caf%C3%A9', {}],
  ['/caf%C3%A9', '/caf%C3%A9', {}],
  ['/x', '/X', undefined],
  ['/x/:y', '/x/%', undefined],
  ['/*', '/a/b', { '*': 'a/b' }],
  ['/*', '/', undefined],
  ['/files/:kind/*', '/files/a/b/c', { kind: 'a', '*': 'b/c' }],
])('%s and %s: %j', (path, pathname, expected) => {
  expect(match(path, pathname)).toEqual(expected);
});

const PART = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => text.isWellFormed());
const NAME = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);

test('what a parameter stood for when a path was written is what it stands for when it is read', () => {
  fc.assert(
    fc.property(fc.uniqueArray(NAME, { minLength: 1, maxLength: 5 }), fc.array(PART, { minLength: 5, maxLength: 5 }), (names, texts) => {
      const values = Object.fromEntries(names.map((name, index) => [name, texts[index] ?? 'x']));
      const pathname = names.map((name) => `/text/${encodeURIComponent(values[name] ?? '')}`).join('');
      expect(match(names.map((name) => `/text/:${name}`).join(''), pathname)).toEqual(values);
    }),
  );
});

test('no path of a request makes the matching throw or reach another number of parts', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.constantFrom('/a/:b', '/:a/:b', '/a/*', '/:x'), (pathname, path) => {
      const parameters = matchTriggerPath(parseTriggerPath(path), pathname);
      const parts = pathname.replace(/^\/|\/$/g, '').split('/').length;
      if (parameters !== undefined && !path.includes('*')) expect(parts).toBe(path.split('/').length - 1);
    }),
  );
});

test('of paths that answer one request the one that says more comes first', () => {
  const sorted = ['/*', '/:a/*', '/:a/:b', '/:a/b', '/a/*', '/a/:b', '/a/b/*', '/a/b']
    .map(parseTriggerPath)
    .sort(comparePaths)
    .map(shapeOfPath);
  expect(sorted).toEqual(
    ['/a/b', '/a/b/*', '/a/:b', '/a/*', '/:a/b', '/:a/:b', '/:a/*', '/*'].map((path) => shapeOfPath(parseTriggerPath(path))),
  );
});

test.each([
  ['/api/x', '/api/'],
  ['/api', '/api/'],
  ['/%61pi/x', '/api/'],
  ['/__ensemble/run', '/__ensemble/'],
  ['/cdn-cgi/', '/cdn-cgi/'],
  ['/apis', undefined],
  ['/v1/api/x', undefined],
])('%s lies below %s', (path, prefix) => {
  expect(reservedPrefixOf(path)).toBe(prefix);
});

describe('triggers of a project', () => {
  const ensemble = (id: string, ...triggers: { type: 'http' | 'webhook'; path: string; methods?: string[] }[]) => ({
    id,
    file: `ensembles/${id}.yaml`,
    triggers: triggers.map(({ type, path, methods = ['POST'] }) =>
      type === 'http' ? { type, path, methods, cors: [], public: true } : { type, path, public: true },
    ),
  });

  test('conflict where two answer the same method and path, however their parameters are called', () => {
    const found = findTriggerConflicts([
      ensemble('a', { type: 'http', path: '/orders/:id', methods: ['GET', 'POST'] }),
      ensemble('b', { type: 'webhook', path: '/orders/:order/' }),
      ensemble('c', { type: 'http', path: '/orders/:id', methods: ['PUT'] }),
    ]);
    expect(found).toEqual([
      {
        method: 'POST',
        path: '/orders/:order/',
        first: { id: 'a', file: 'ensembles/a.yaml' },
        second: { id: 'b', file: 'ensembles/b.yaml' },
      },
    ]);
  });

  test('do not conflict where one says more', () => {
    const paths = ['/orders/:id', '/orders/new', '/orders/*', '/:kind/new'];
    expect(findTriggerConflicts([ensemble('a', ...paths.map((path) => ({ type: 'http' as const, path })))])).toEqual([]);
  });
});

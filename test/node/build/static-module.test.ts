import { describe, expect, test } from 'vitest';
import { renderStaticModule } from '../../../src/node/build/static-module.ts';

const boundIn = (source: string): readonly string[] => {
  const [head = ''] = renderStaticModule(source, { network: false }).split('\n');
  return (/const \{ (.*?) \} =/.exec(head)?.[1] ?? '').split(', ').filter((name) => name !== '');
};

describe('a code module of a build', () => {
  test('takes every name that it does not declare from its own globals', () => {
    expect(boundIn('export default () => [fetch, globalThis.x, process.env, typeof nothing]')).toEqual([
      'fetch',
      'globalThis',
      'nothing',
      'process',
    ]);
    expect(boundIn('export default ({ input }) => { left = input; for (other of [1]); return class extends Base {} }')).toEqual([
      'Base',
      'left',
      'other',
    ]);
    expect(boundIn('export default () => `${self}` + a.fetch + { fetch: 1 }.fetch + ({ Math })')).toEqual(['Math', 'a', 'self']);
    expect(boundIn('export default (x = caches) => { try { y() } catch { return z[x] } }')).toEqual(['caches', 'y', 'z']);
  });

  test('keeps the names that it declares itself, and those that cannot be bound', () => {
    const source =
      'var fetch = 1; let { process, a: [Buffer] } = {}; class self {} function caches() { return arguments }\nexport { caches as default };';
    expect(boundIn(source)).toEqual([]);
    expect(boundIn('export default function navigator() { return navigator, eval }')).toEqual([]);
    expect(boundIn('export const crypto = 1; export default () => crypto')).toEqual([]);
    expect(boundIn('export default () => { { let fetch } return fetch }')).toEqual(['fetch']);
  });

  test('keeps its lines', () => {
    const source = 'export default () => {\n  throw new Error();\n};';
    const lines = renderStaticModule(source, { network: true, map: 'x.js.map' }).split('\n');
    expect(lines.slice(1)).toEqual(['  throw new Error();', '};', '//# sourceMappingURL=x.js.map', '']);
    expect(lines[0]).toMatch(/^import \{ network as _globals \} from '\.\/globals\.js'; const \{ Error \} = _globals; export default/);
  });

  test('is never in the way of a name that it has', () => {
    expect(renderStaticModule('export default (_globals) => _globals1', { network: false })).toContain('closed as _globals2 }');
    expect(renderStaticModule('const \\u005fglobals = 1; export default () => \\u0066etch', { network: false })).toMatch(
      /closed as _globals1 \} .* const \{ fetch \} = _globals1;/,
    );
  });
});

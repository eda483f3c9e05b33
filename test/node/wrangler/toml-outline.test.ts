import { parse, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { type ConfigPath, outlineToml, type TomlItem } from '../../../src/node/wrangler/toml-outline.ts';
import { fc } from '../../support/fast-check.ts';

const TRICKY = `# a comment with [brackets] and "quotes
name = "worker" # behind
'single quoted' = 'no \\escapes'
"a.b".c = """
[not a header]
x = 1 \\""" still
"""
when = 1979-05-27 07:32:00
list = [ 1, "two]", # three
  [3, 4], { five = 5, "six.7".eight = [true] } ,
]

[vars]
A = '''
''quotes'''''
B = 0x1F

[[kv_namespaces]]
binding = "KV"
[kv_namespaces.inner]
deep = 1
[[ kv_namespaces ]]
binding = "OTHER"
[[kv_namespaces.more]]
a = 1
[[kv_namespaces.more]]
a = 2

[env . staging . vars]
A = "b"
[[env.staging.queues.consumers]]
queue = "orders"
`;

function valueAt(document: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)[part], document);
}

/** What the outline says stands at each place is what the document has there. */
function expectTrue(text: string): void {
  const document = parse(text);
  for (const item of outlineToml(text)) {
    if (item.type === 'header') expect(valueAt(document, item.path)).toBeTypeOf('object');
    else expect(parse(`v = ${text.slice(item.valueStart, item.valueEnd)}`).v).toEqual(valueAt(document, item.path));
  }
}

const show =
  (text: string) =>
  ({ path, start }: TomlItem) =>
    `${text.slice(0, start).split('\n').length} ${path.join('/')}`;

describe('outlineToml', () => {
  test('every header and value of a tricky text is found where it stands', () => {
    expectTrue(TRICKY);
    expect(outlineToml(TRICKY).map(show(TRICKY))).toEqual([
      '2 name',
      '3 single quoted',
      '4 a.b/c',
      '8 when',
      '9 list',
      '9 list/0',
      '9 list/1',
      '10 list/2',
      '10 list/2/0',
      '10 list/2/1',
      '10 list/3',
      '10 list/3/five',
      '10 list/3/six.7/eight',
      '10 list/3/six.7/eight/0',
      '13 vars',
      '14 vars/A',
      '16 vars/B',
      '18 kv_namespaces/0',
      '19 kv_namespaces/0/binding',
      '20 kv_namespaces/0/inner',
      '21 kv_namespaces/0/inner/deep',
      '22 kv_namespaces/1',
      '23 kv_namespaces/1/binding',
      '24 kv_namespaces/1/more/0',
      '25 kv_namespaces/1/more/0/a',
      '26 kv_namespaces/1/more/1',
      '27 kv_namespaces/1/more/1/a',
      '29 env/staging/vars',
      '30 env/staging/vars/A',
      '31 env/staging/queues/consumers/0',
      '32 env/staging/queues/consumers/0/queue',
    ]);
  });

  test('line ends of Windows and a byte order mark move nothing', () => {
    expectTrue(TRICKY.replaceAll('\n', '\r\n'));
    expect(outlineToml('\uFEFFa = 1\r\n').map(({ path }) => path)).toEqual([['a']]);
  });

  test('every leaf of any document is found', () => {
    const key = fc.oneof(fc.constantFrom('a', 'b-c', 'd_1', 'e.f', 'ü', ''), fc.string({ minLength: 1, maxLength: 4 }));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        key.filter((name) => name !== '__proto__'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(fc.string(), { maxLength: 3 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        tie('tree'),
      ),
    }));
    fc.assert(
      fc.property(tree, (document) => {
        const text = stringify(document as Record<string, unknown>);
        expectTrue(text);
        const found = new Set(outlineToml(text).map(({ path }) => JSON.stringify(path)));
        for (const path of leaves(parse(text), [])) expect(found).toContain(JSON.stringify(path));
      }),
    );
  });

  test('a key that is no TOML, for what is escaped in it, is taken as it is written', () => {
    expect(outlineToml('"\\[" = 1').map(({ path }) => path)).toEqual([['"\\["']]);
  });

  test('a text that is no TOML ends the outline, not the program', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', "'", '=', '.', ',', '\n', '#', 'a', ' ', '\\') }),
        (text) => void outlineToml(text),
      ),
    );
  });
});

function* leaves(value: unknown, path: ConfigPath): Generator<ConfigPath> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

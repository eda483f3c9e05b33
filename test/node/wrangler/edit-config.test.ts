import { stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { applyChange, type ConfigChange } from '../../../src/node/wrangler/config-change.ts';
import { editConfig, UneditableConfig } from '../../../src/node/wrangler/edit-config.ts';
import { parseConfigText } from '../../../src/node/wrangler/parse-config-text.ts';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import { fc } from '../../support/fast-check.ts';

const set = (path: string, value: JsonValue, comment?: string): ConfigChange => ({
  type: 'set',
  path: path.split('.'),
  value,
  ...(comment === undefined ? {} : { comment }),
});
const append = (path: string, value: JsonValue, comment?: string): ConfigChange => ({ ...set(path, value, comment), type: 'append' });
const toml = (text: string, ...changes: readonly ConfigChange[]) => editConfig(text, true, changes);

describe('editConfig of TOML', () => {
  test.each<[string, string, ConfigChange, string]>([
    [
      'a key of the root goes behind the last one',
      'name = "a" # its name\n\n# tables\n[vars]\nA = 1\n',
      set('main', 'x.js'),
      'name = "a" # its name\nmain = "x.js"\n\n# tables\n[vars]\nA = 1\n',
    ],
    ['a root without keys has it above all', '[vars]\nA = 1\n', set('main', 'x.js'), 'main = "x.js"\n\n[vars]\nA = 1\n'],
    [
      'the head comment of the file stays at its head',
      '# Ours.\n\n# Variables.\n[vars]\nA = 1\n',
      set('main', 'x'),
      '# Ours.\n\nmain = "x"\n\n# Variables.\n[vars]\nA = 1\n',
    ],
    ['an empty file gets a line', '', set('main', 'x.js'), 'main = "x.js"\n'],
    [
      'a value is replaced where it stands',
      'a = 1\nmain  =  "old" # why\nb = 2\n',
      set('main', 'new'),
      'a = 1\nmain  =  "new" # why\nb = 2\n',
    ],
    [
      'a table gets a key behind its last one',
      '[build]\ncwd = "." # here\n\n[vars]\nA = 1\n',
      set('build.command', 'x'),
      '[build]\ncwd = "." # here\ncommand = "x"\n\n[vars]\nA = 1\n',
    ],
    ['a new table goes to the end', 'a = 1', set('build.command', 'x', 'Builds.'), 'a = 1\n\n# Builds.\n[build]\ncommand = "x"\n'],
    [
      'a table written as dotted keys gets another one',
      'build.cwd = "."\na = 1\n[vars]\n',
      set('build.command', 'x'),
      'build.cwd = "."\nbuild.command = "x"\na = 1\n[vars]\n',
    ],
    ['an inline table is widened', 'build = { cwd = "." } # b\n', set('build.command', 'x'), 'build = { cwd = ".", command = "x" } # b\n'],
    ['an empty inline table is filled', 'build = {}\n', set('build.command', 'x'), 'build = { command = "x" }\n'],
    [
      'an entry goes behind the last of its kind, with what that has',
      '[[kv]]\nb = "A"\n[kv.c]\nd = 1\n\n[vars]\nA = 1\n',
      append('kv', { b: 'B' }),
      '[[kv]]\nb = "A"\n[kv.c]\nd = 1\n\n[[kv]]\nb = "B"\n\n[vars]\nA = 1\n',
    ],
    [
      'the first entry of a list goes to the end',
      'a = 1\n',
      append('queues.consumers', { queue: 'q', simple: { limit: 1 } }, 'Why\nso.'),
      'a = 1\n\n# Why so.\n[[queues.consumers]]\nqueue = "q"\nsimple = { limit = 1 }\n',
    ],
    ['a list on one line is lengthened', 'flags = ["a"] # f\n', append('flags', 'b'), 'flags = ["a", "b"] # f\n'],
    ['a comma at the end of a list stays no comma too many', 'flags = ["a", ]\n', append('flags', 'b'), 'flags = ["a", "b" ]\n'],
    ['an empty list is filled', 'flags = []\n', append('flags', 'b'), 'flags = ["b"]\n'],
    [
      'in a list of lines each comment stays with its element',
      'f = [\n  "a", # one, two\n  "b" # last\n]\n',
      append('f', 'c'),
      'f = [\n  "a", # one, two\n  "b", # last\n  "c"\n]\n',
    ],
    [
      'a list of lines with a comma at the end keeps its manner',
      'f = [\n  "a", # one\n]\n',
      append('f', 'b'),
      'f = [\n  "a", # one\n  "b",\n]\n',
    ],
    ['line ends of Windows stay', 'a = 1\r\n[b]\r\nc = 1\r\n', set('b.d', 2), 'a = 1\r\n[b]\r\nc = 1\r\nd = 2\r\n'],
    [
      'a table of an environment is its own',
      '[env.live]\nname = "x"\n\n[env.test]\nname = "y"\n',
      append('env.live.kv', { b: 'A' }),
      '[env.live]\nname = "x"\n\n[env.test]\nname = "y"\n\n[[env.live.kv]]\nb = "A"\n',
    ],
    ['text that TOML must escape is escaped', '', set('a', 'x"\\\n\u007F'), 'a = "x\\"\\\\\\n\\u007F"\n'],
  ])('%s', (_, before, change, after) => {
    expect(toml(before, change)).toBe(after);
  });

  test('an environment inside an inline table is reached', () => {
    expect(toml('env = { live = { name = "a" } }\n', append('env.live.kv', { b: 'A' }))).toBe(
      'env = { live = { name = "a", kv = [{ b = "A" }] } }\n',
    );
  });

  test('what is not understood is refused with what to do by hand', () => {
    expect(() => toml('kv = "text"\n', append('kv', { b: 'A' }))).toThrow(UneditableConfig);
    expect(() => toml('kv = "text"\n', append('kv', { b: 'A' }))).toThrow('add to kv by hand (something else stands there): {"b":"A"}');
  });

  test('whatever the file is like, it means what it meant and the change, or it is refused', () => {
    let edited = 0;
    fc.assert(
      fc.property(document(), change(), (before, wanted) => {
        const text = `# head\n${stringify(before)}`;
        expectMeant(text, true, wanted, () => edited++);
      }),
      { numRuns: 300 },
    );
    expect(edited).toBeGreaterThan(150);
  });
});

describe('editConfig of JSON with comments', () => {
  test.each<[string, string, ConfigChange, string]>([
    [
      'a key goes behind the last one',
      '{\n  // the Worker\n  "name": "a" // its name\n}\n',
      set('main', 'x'),
      '{\n  // the Worker\n  "name": "a", // its name\n  "main": "x"\n}\n',
    ],
    [
      'a comma behind the last one stays the manner',
      '{\n\t"name": "a", /* , */\n}',
      set('build.command', 'x'),
      '{\n\t"name": "a", /* , */\n\t"build": {\n\t\t"command": "x"\n\t},\n}',
    ],
    ['a value is replaced where it stands', '{ "a": 1, /* b */ "b": "x" }', set('b', 'y'), '{ "a": 1, /* b */ "b": "y" }'],
    ['a list on one line is lengthened', '{\n  "f": ["a"], // f\n  "g": 1\n}', append('f', 'b'), '{\n  "f": ["a", "b"], // f\n  "g": 1\n}'],
    [
      'a list of lines gets a line',
      '{\n  "kv": [\n    { "b": "A" } // first\n  ]\n}',
      append('kv', { b: 'B' }),
      '{\n  "kv": [\n    { "b": "A" }, // first\n    {\n      "b": "B"\n    }\n  ]\n}',
    ],
    ['an empty table is filled', '{\n  "build": {}\n}', set('build.command', 'x'), '{\n  "build": {\n    "command": "x"\n  }\n}'],
    ['an empty file of one line stays one', '{}', append('kv', { b: 'A' }), '{"kv": [{ "b": "A" }]}'],
    ['a file of one line stays one', '{"a":1}', append('kv.x', { b: 'A' }), '{"a":1, "kv": { "x": [{ "b": "A" }] }}'],
    ["a byte order mark stays, and is in nobody's way", '\uFEFF{\n  // c\n  "a": 1\n}\n', set('a', 2), '\uFEFF{\n  // c\n  "a": 2\n}\n'],
    ['line ends of Windows stay', '{\r\n  "a": 1\r\n}\r\n', set('b.c', 2), '{\r\n  "a": 1,\r\n  "b": {\r\n    "c": 2\r\n  }\r\n}\r\n'],
  ])('%s', (_, before, change, after) => {
    expect(editConfig(before, false, [change])).toBe(after);
  });

  test('whatever the file is like, it means what it meant and the change, or it is refused', () => {
    let edited = 0;
    fc.assert(
      fc.property(document(), change(), fc.constantFrom(undefined, 2, '\t'), (before, wanted, indent) => {
        expectMeant(JSON.stringify(before, null, indent), false, wanted, () => edited++);
      }),
    );
    expect(edited).toBeGreaterThan(50);
  });
});

/** Of few keys, so that changes meet what is there. */
const key = () => fc.constantFrom('a', 'b', 'c.d', 'e');
function document(): fc.Arbitrary<Record<string, never>> {
  return fc.letrec((tie) => ({
    table: fc.dictionary(key(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.array(tie('table'), { maxLength: 3 }),
      tie('table'),
    ),
  })).table as fc.Arbitrary<Record<string, never>>;
}
function change(): fc.Arbitrary<ConfigChange> {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.array(fc.string(), { maxLength: 2 }),
    fc.dictionary(key(), fc.oneof(fc.string(), fc.dictionary(key(), fc.integer(), { maxKeys: 2, noNullPrototype: true })), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  );
  return fc.record({ type: fc.constantFrom('set', 'append'), path: fc.array(key(), { minLength: 1, maxLength: 3 }), value });
}

function expectMeant(text: string, isToml: boolean, wanted: ConfigChange, onEdited: () => void): void {
  const read = (from: string): JsonObject => parseConfigText(from, 'x', isToml).value;
  let after: string;
  try {
    after = editConfig(text, isToml, [wanted]);
  } catch (error) {
    expect(error).toBeInstanceOf(UneditableConfig);
    return;
  }
  onEdited();
  expect(read(after)).toEqual(applyChange(read(text), wanted));
}

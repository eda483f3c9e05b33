/** Files that are large, deep or strange: name → text. None is larger than 1 MiB but for the one that says so. */
export const HOSTILE_TEXTS: ReadonlyMap<string, () => string> = new Map([
  // Size
  ['one huge plain scalar', () => `ensemble: x\ndescription: ${'a'.repeat(1_000_000)}\n`],
  ['one huge quoted scalar', () => `ensemble: x\ndescription: "${'\\n'.repeat(490_000)}"\n`],
  ['one huge block scalar', () => `ensemble: x\ndescription: |\n${'  line\n'.repeat(140_000)}`],
  ['more than 1 MiB', () => `ensemble: x\ndescription: ${'a'.repeat(3_000_000)}\n`],
  ['one huge key', () => `ensemble: x\n${'k'.repeat(900_000)}: 1\n`],
  ['many keys', () => `ensemble: x\n${lines(50_000, (n) => `key${n}: 1`)}`],
  ['many unknown keys near a known one', () => `ensemble: x\n${lines(40_000, (n) => `agent${n}: 1`)}`],
  ['one key many times', () => 'agents: 1\n'.repeat(90_000)],
  [
    'many agents',
    () => file(lines(9_000, (n) => `  - { name: a${n}, operation: log, config: { message: "\${a${Math.max(0, n - 1)}.output}" } }`)),
  ],
  ['many agents of one name', () => file(lines(14_000, () => '  - { name: a, operation: log, config: { message: hello } }'))],
  [
    'many agents that read one unknown name',
    () => file(lines(9_000, (n) => `  - { name: a${n}, operation: log, config: { message: "\${b${n}.output}" } }`)),
  ],
  [
    'many hyphenated names',
    () => file(lines(9_000, (n) => `  - { name: a-${n}, operation: log, config: { message: "\${a-${n - 1} + a - ${n}}" } }`)),
  ],
  [
    'one agent that reads all',
    () =>
      file(
        `${lines(5_000, (n) => `  - { name: a${n}, operation: code, config: { code: return 1 } }`)}  - name: all\n    operation: transform\n    config:\n      value:\n${lines(5_000, (n) => `        - \${a${n}.output}`)}`,
      ),
  ],
  [
    'many code bodies',
    () => file(lines(7_000, (n) => `  - { name: a${n}, operation: code, config: { code: "const x = input.a; return { x, y: state }" } }`)),
  ],
  [
    'many queries',
    () =>
      file(
        lines(
          5_000,
          (n) => `  - { name: a${n}, operation: data, config: { backend: d1, query: "SELECT ? FROM t WHERE a = 'x?' -- ?", params: [1] } }`,
        ),
      ),
  ],
  ['many state keys', () => `ensemble: x\nstate:\n  schema:\n${lines(30_000, (n) => `    k${n}: { type: number, default: 0 }`)}`],
  [
    'many uses of many keys',
    () =>
      `ensemble: x\nstate:\n  schema:\n${lines(1_000, (n) => `    k${n}: number`)}agents:\n${lines(200, (n) => `  - { name: a${n}, operation: log, config: { message: hello }, state: { use: [${list(1_000, (k) => `k${k}`)}] } }`)}`,
  ],
  [
    'many readers without use',
    () =>
      `ensemble: x\nstate:\n  schema:\n${lines(1_000, (n) => `    k${n}: number`)}agents:\n${lines(4_000, (n) => `  - { name: a${n}, operation: log, config: { message: "\${state.k${n % 1_000}} \${state.j${n}}" } }`)}`,
  ],
  ['many triggers', () => `ensemble: x\ntrigger:\n${lines(20_000, (n) => `  - { type: http, path: /p${n % 100} }`)}`],
  ['many comments', () => `${'# ensemble-ignore literal-secret: none\n'.repeat(25_000)}ensemble: x\n`],
  ['many repairs', () => `ensemble: x\n${lines(25_000, (n) => `k${n}: return { a: ${n} };`)}`],
  [
    'a huge query',
    () => file(`  - { name: a, operation: data, config: { backend: d1, query: "${"SELECT '?', ? -- x; ".repeat(45_000)}" } }`),
  ],
  [
    'a huge code body',
    () =>
      file(
        `  - name: a\n    operation: code\n    config:\n      code: |\n${'        const a = `${input.x}`; { f(a.b, "${input.y}") }\n'.repeat(16_000)}`,
      ),
  ],
  [
    'a code body of open templates',
    () => file(`  - name: a\n    operation: code\n    config:\n      code: |\n        ${'`${'.repeat(300_000)}\n`),
  ],
  // Expressions
  ['one huge expression', () => expression(`1${' + 1'.repeat(240_000)}`)],
  ['one huge Jexl expression', () => `ensemble: x\noutput: $<1${' + 1'.repeat(240_000)}>\n`],
  ['one huge list in an expression', () => expression(`[${'1,'.repeat(450_000)}]`)],
  ['many expressions in one text', () => `ensemble: x\noutput: "${'${input.a}'.repeat(90_000)}"\n`],
  ['many expressions of 2,000 nodes', () => `ensemble: x\noutput:\n${lines(100, () => `  - \${${'input.a + '.repeat(640)}1}`)}`],
  ['many openings', () => `ensemble: x\noutput: ${'${'.repeat(450_000)}\n`],
  ['many Jexl openings', () => `ensemble: x\noutput: ${'$<'.repeat(450_000)}\n`],
  ['many openings on lines', () => `ensemble: x\n${lines(60_000, (n) => `k${n}: \${`)}`],
  ['openings in quotes', () => `ensemble: x\noutput: ${'"${\'`'.repeat(200_000)}\n`],
  ['nested template literals', () => expression('`${'.repeat(20_000))],
  ['nested parentheses', () => expression(`${'('.repeat(200_000)}1${')'.repeat(200_000)}`)],
  ['nested arrows', () => expression(`${'[1].map(x => '.repeat(20_000)}1${')'.repeat(20_000)}`)],
  ['a long member path', () => expression(`input${'.a'.repeat(400_000)}`)],
  ['many pipes', () => expression(`input.a${' | uppercase'.repeat(70_000)}`)],
  ['a hostile regular expression', () => expression(`input.a.replace(/${'(a*)*'.repeat(20_000)}/, "")`)],
  ['classes that never close', () => expression('/['.repeat(400_000))],
  [
    'a name of hyphens',
    () => `ensemble: x\nagents: [{ name: a${'-a'.repeat(1_500)}, operation: log }]\noutput: \${${'a-a-'.repeat(20_000)}b}\n`,
  ],
  ['a large class', () => expression(`input.a.replace(/[${'a-z'.repeat(300_000)}]/, "")`)],
  // Depth
  ['nested lists', () => '['.repeat(500_000)],
  ['nested closed lists', () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['nested mappings', () => `${'{a: '.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['nested list items', () => `${'- '.repeat(400_000)}x`],
  ['nested questions', () => '? '.repeat(400_000)],
  ['nested indentation', () => Array.from({ length: 1_300 }, (_, n) => `${' '.repeat(n)}k:`).join('\n')],
  ['nested parallel steps', () => file(nested(30, (indent) => [`${indent}- parallel:`]))],
  ['nested schemas', () => `ensemble: x\ninput: ${'{ type: object, properties: { a: '.repeat(45)}string${' } }'.repeat(45)}\n`],
  // Aliases
  [
    'an alias bomb',
    () => `a: &a [1,1,1,1,1,1,1,1,1]\n${lines(8, (n) => `${'bcdefghi'[n]}: &${'bcdefghi'[n]} [${list(9, () => `*${'abcdefgh'[n]}`)}]`)}`,
  ],
  ['an alias of itself', () => 'ensemble: &x\n  a: *x\n'],
  ['many aliases', () => `ensemble: x\na: &a 1\nb: [${list(200_000, () => '*a')}]\n`],
  ['many anchors', () => `ensemble: x\nb: [${list(90_000, (n) => `&a${n} 1`)}]\n`],
  ['a merge of itself', () => 'a: &a\n  <<: *a\n  b: 1\n'],
  // Characters
  ['a byte order mark', () => '\uFEFFensemble: x\nagents: []\n'],
  [
    'carriage returns and line feeds',
    () => 'ensemble: x\r\nagents:\r\n  - name: a\r\n    operation: log\r\n    config: { message: "${input.a" }\r\n',
  ],
  ['carriage returns alone', () => 'ensemble: x\ragents: []\r'],
  ['tabs', () => 'ensemble:\tx\nagents:\n\t- name: a\n\t\toperation: log\n'],
  ['NUL', () => 'ensemble: x\0y\nagents: ["\0"]\n'],
  ['NULs alone', () => '\0'.repeat(500_000)],
  ['half surrogates', () => 'ensemble: \ud800\nagents: [{ name: "\udc00${\ud800}" }]\n'],
  ['line separators', () => 'ensemble: x\u2028agents: []\u2029\u0085\n'],
  ['directions', () => 'ensemble: \u202ex\u2066\nagents: []\n'],
  ['escapes', () => 'ensemble: "\\x1b[31mred\\u0007"\nagents: [{ name: "\u001b[2J" }]\n'],
  ['a huge emoji text', () => `ensemble: x\ndescription: ${'👩‍👩‍👧‍👦'.repeat(20_000)}\n`],
  [
    'prototype names',
    () =>
      'ensemble: constructor\n__proto__: { agents: [] }\nagents: [{ name: __proto__, operation: constructor, config: { toString: 1 }, hasOwnProperty: 1 }]\n',
  ],
  ['nothing', () => ''],
  ['document marks', () => '---\n'.repeat(200_000)],
  ['directives', () => '%YAML 1.2\n'.repeat(90_000)],
  ['tags', () => `ensemble: ${'!!str '.repeat(150_000)}x\n`],
]);

function lines(count: number, write: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `${write(n)}\n`).join('');
}

function list(count: number, write: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => write(n)).join(',');
}

function file(agents: string): string {
  return `ensemble: x\nagents:\n${agents}`;
}

function expression(text: string): string {
  return `ensemble: x\noutput: \${${text}}\n`;
}

function nested(depth: number, write: (indent: string) => readonly string[]): string {
  const levels = Array.from({ length: depth }, (_, n) => write(' '.repeat(4 * n + 2)).join('\n'));
  return `${levels.join('\n')}\n${' '.repeat(4 * depth + 2)}- { name: a, operation: log, config: { message: deep } }\n`;
}

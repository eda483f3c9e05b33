import { describe, expect, test } from 'vitest';
import { type CodeBody, compileCodeBody } from '../../../src/language/code/code-body.ts';
import type { ParsedValue } from '../../../src/language/model/read.ts';
import { fc } from '../../support/fast-check.ts';
import { ownTime } from '../../support/own-time.ts';
import { locatedText } from '../support/located-text.ts';
import { runModule } from '../support/run-module.ts';

/** Stands for the expression parser: a hole is good when it is a dotted path, an index or a list literal; its value is looked up by its source. */
function parseHole(source: string, places: (start: number, end: number) => CodeBody['reads'][number]['span']): ParsedValue {
  const inside = source.slice(2, -1).trim();
  const good = /^[a-z_][\w-]*(?:\.\w+|\['\w+'\]|\["\w+"\])*$/i.test(inside);
  const template = { type: 'constant', value: source } as const;
  if (good) return { template, reads: [], diagnostics: [], places: new Map() };
  const span = places(0, source.length);
  const diagnostics = [{ code: 'expression-syntax', severity: 'error', message: `bad: ${inside}`, span }] as const;
  return { template, reads: [], diagnostics, places: new Map() };
}

function compileBody(text: string, agents: readonly string[] = []): CodeBody {
  return compileCodeBody(locatedText(text), { agents: new Set(agents), parse: parseHole });
}

/** Compiles and runs a body whose holes have the given values by their source. */
async function run(text: string, values: Record<string, unknown> = {}, agents: Record<string, unknown> = {}): Promise<unknown> {
  const body = compileBody(text, Object.keys(agents));
  expect(body.diagnostics).toEqual([]);
  const holes = body.holes.map((hole) => values[String(hole.type === 'constant' ? hole.value : '')]);
  return await runModule(body, { holes, agents, input: { name: 'Ada' } });
}

const problems = (text: string, agents: readonly string[] = []): readonly string[] =>
  compileBody(text, agents).diagnostics.map(({ code, span }) => `${code} ${span.line}:${span.column}`);

describe('a hole in expression position', () => {
  test('is the value itself, with its type', async () => {
    expect(await run('return ${input.list}.map((x) => x * 2)', { '${input.list}': [1, 2] })).toEqual([2, 4]);
  });
  test('may be adjacent to anything', async () => {
    const values = { '${state.data}': { a: 1 }, '${state.c}': 3 };
    expect(
      await run('return { ...${state.data}, n: (${state.c} || 0) + 1, m: -${state.c}, t: !${state.c}?1:[${state.c},${state.c}] }', values),
    ).toEqual({
      a: 1,
      n: 4,
      m: -3,
      t: [3, 3],
    });
  });
  test('is a computed key where it is the key of an object', async () => {
    expect(await run("return { ${input.k}: 1, '${input.k}2': 2 }", { '${input.k}': 'key' })).toEqual({ key: 1, key2: 2 });
  });
  test('takes a key out of an object in a pattern', async () => {
    expect(await run("const { '${input.k}': v } = { key: 7 }; return v", { '${input.k}': 'key' })).toBe(7);
  });
  test('may be written in Jexl', async () => {
    expect(await run('return $<input.a> + 1', { '$<input.a>': 1 })).toBe(2);
  });
  test('keeps its line breaks, so that lines of errors stay right', () => {
    const { source, lineOffset } = compileBody('const a = ${\n\n  input.a\n};\nreturn a');
    expect(source.split('\n')[lineOffset + 4]).toBe('return a');
  });
  test('is refused where JavaScript needs a name', () => {
    expect(problems('const ${input.x} = 1')).toEqual(['code-hole-position 1:7']);
    expect(problems('${input.x} = 1')).toEqual(['code-hole-position 1:1']);
    expect(problems('${input.x}++')).toEqual(['code-hole-position 1:1']);
    expect(problems('return input.${input.x}')).toEqual(['code-hole-position 1:14']);
    expect(problems('return { ${input.x} }')).toEqual(['code-hole-position 1:10']);
    expect(problems("class A { '${input.x}' = 1 }")).toEqual(['code-hole-position 1:11']);
    expect(problems('[1].map(${input.x} => 1)')).toEqual(['code-hole-position 1:9']);
    expect(problems("'use ${input.x}'; return 1")).toEqual(['code-hole-position 1:1']);
  });
  test('reports what its expression gets wrong, at its place', () => {
    expect(problems('const a = 1;\nreturn ${for (;;) {}}')).toEqual(['expression-syntax 2:8']);
  });
});

describe('a hole in quotes', () => {
  test('is text in that string', async () => {
    const values = { '${input.a}': 'A', '${input.n}': 5, '${input.o}': { k: null }, '${input.none}': undefined };
    expect(await run(`return 'a: \${input.a}, ' + "n: \${input.n}\\t\${input.o}\${input.none}."`, values)).toBe('a: A, n: 5\t{"k":null}.');
  });
  test('may hold the quote of its string', async () => {
    expect(await run("return '${input['a']}!'", { "${input['a']}": 'x' })).toBe('x!');
  });
  test('is none where JavaScript joins two literals', async () => {
    expect(await run("const x = 'y'; return '${' + x + '}'")).toBe('${y}');
  });
  test('is none after a backslash or a second dollar sign', async () => {
    expect(await run("return '\\${input.a} $${input.b}'")).toBe('${input.a} ${input.b}');
  });
  test('inserts no semicolon elsewhere than before', async () => {
    expect(await run("const a = 1\n'x${input.a}'.length\nreturn a", { '${input.a}': 'b' })).toBe(1);
    expect(await run("return typeof'${input.a}'", { '${input.a}': 'b' })).toBe('string');
  });
});

describe('a template literal', () => {
  test('stays JavaScript, with input and the agents in scope, hyphens included', async () => {
    expect(
      await run(
        'return `${input.name}: ${fetch-user.output.n + 1} ${[1, 2].map((x) => `<${x}>`).join()}`',
        {},
        { 'fetch-user': { output: { n: 1 } } },
      ),
    ).toBe('Ada: 2 <1>,<2>');
  });
  test('takes $<…> as text', async () => {
    expect(await run('return `a $<input.a> b $$<c>`', { '$<input.a>': 'A' })).toBe('a A b $<c>');
  });
});

describe('the name of an agent', () => {
  test('stands for its result', async () => {
    expect(await run('const { output } = step; return { step, output, x: step?.output }', {}, { step: { output: 1 } })).toEqual({
      step: { output: 1 },
      output: 1,
      x: 1,
    });
  });
  test('means what the body declares, if it does', async () => {
    expect(await run('const step = 5; return [1].map((other) => step + other)', {}, { step: {} })).toEqual([6]);
    expect(compileBody('function step() {} return (step) => step', ['step']).agents).toEqual([]);
  });
  test('is a subtraction when the body declares its first part', async () => {
    expect(await run('const total = 5, count = 2; return total-count', {}, { 'total-count': {} })).toBe(3);
    expect(await run('const o = { total: 5 }; const count = 2; return o.total-count', {}, { 'total-count': {} })).toBe(3);
  });
  test('means a global of that name unless a result is read from it', () => {
    expect(compileBody('return fetch(input.url)', ['fetch']).agents).toEqual([]);
    expect(compileBody('return fetch.output', ['fetch']).agents).toEqual(['fetch']);
  });
  test('is reported with what is read from it', () => {
    const { reads } = compileBody("if (step.failed) return state['a'].b; const { c, d } = state; return run.id + env.KEY", ['step']);
    expect(reads.map(({ name, path }) => [name, ...path].join('.'))).toEqual([
      'step.failed',
      'state.a.b',
      'state.c',
      'state.d',
      'run.id',
      'env.KEY',
    ]);
  });
});

describe('a body', () => {
  test('may declare the names it is given', async () => {
    expect(await run('const input = 1; let state = 2; return { input, state }')).toEqual({ input: 1, state: 2 });
  });
  test('says which keys it hands to setState', () => {
    expect(compileBody("setState({ a: 1, 'b': 2 }); setState(input)").stateWrites.map(({ key }) => key)).toEqual(['a', 'b', undefined]);
  });
  test('cannot end the function around it', () => {
    for (const text of ['}); evil(', '} evil(); {', '}', 'return 1 } }', '/*', '`', "'", '*/ evil() /*', '<!-- x']) {
      expect(problems(text).map((problem) => problem.split(' ')[0])).toEqual(['code-syntax']);
    }
  });
  test('keeps what looks like the end of something', async () => {
    expect(await run("return ['</script>', '*/', '`', '});'] // ${input.x}\n/* ${ */")).toEqual(['</script>', '*/', '`', '});']);
    expect(await run("return 'a/${'.replace(/[${}]+\\/?$/, '').length")).toBe(2);
  });
  test('reports its syntax errors at their place', () => {
    expect(problems('const a = 1;\nconst b = ;')).toEqual(['code-syntax 2:11']);
    expect(problems('return a${input.x}')).toEqual(['code-syntax 1:10']);
    expect(problems('return 1;\nreturn ${input.x')).toEqual(['code-syntax 2:8']);
    expect(problems('const await = 1')).toEqual(['code-syntax 1:7']);
    expect(problems("return 'a\\u{zz}${input.a}'")).toEqual(['code-syntax 1:8']);
  });
  test.each([
    ['return env.A + env["B"].length', ['A', 'B']],
    ['const { A, B: b } = env; return [A, b]', ['A', 'B']],
    ['return `${env.A}` + env?.B', ['A', 'B']],
    ['return env[input.name]', undefined],
    ['const e = env; return e.A + env.B', undefined],
    ['const { A, ...rest } = env', undefined],
    ['return { env }', undefined],
    ['return env.hasOwnProperty("A")', undefined],
    ['const env = {}; return env[1]', undefined],
  ])('tells which variables it reads: %s', (text, names) => {
    expect(compileBody(text).envNames).toEqual(names);
  });
  test('refuses import and export', () => {
    expect(problems("import x from 'y'; return x")).toEqual(['code-module-syntax 1:1']);
    expect(problems("const x = await import('y'); return x")).toEqual(['code-module-syntax 1:17']);
    expect(problems('return await import(${input.x})')).toEqual(['code-module-syntax 1:14']);
    expect(problems('return import.meta.url')).toEqual(['code-module-syntax 1:8']);
    expect(problems('return function () { return [new.target, { import: 1 }.import] }')).toEqual([]);
  });
  test('may be nested so deeply that no stack holds it: that is a diagnostic', () => {
    expect(problems(`return ${'('.repeat(100_000)}`).map((problem) => problem.split(' ')[0])).toEqual(['code-syntax']);
    expect(problems(`return ${'1+'.repeat(100_000)}1`).map((problem) => problem.split(' ')[0])).toEqual(['code-syntax']);
  });
  test('takes time linear in its holes', () => {
    const bodies = [
      `return [${"${input.a},'${input.b}',".repeat(5_000)}]`,
      `return '${'${'.repeat(20_000)}'`,
      `return \`${'$<'.repeat(20_000)}\``,
    ];
    for (const body of bodies) expect(ownTime(() => compileBody(body)).ms).toBeLessThan(4_000);
  });
});

describe('data never becomes code', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      "'",
      '"',
      '\\',
      '`',
      '${x}',
      '$${',
      '*/',
      '//',
      '\n',
      '\r\n',
      '\u2028',
      "'+evil()+'",
      '"});',
      '</script>',
      '$<a>',
      '\\u0027',
      '\0',
    ),
    fc
      .array(fc.constantFrom("'", '"', '\\', '`', '$', '{', '}', '(', ')', '*/', '\n', 'a'), { maxLength: 20 })
      .map((parts) => parts.join('')),
  );
  test('text arrives unchanged through every kind of hole', async () => {
    const body = compileBody(
      `const t = \`\${input.name}|$<input.v>\`;
       return ["\${input.v}", '\${input.v}', \${input.v}, 'a\${input.v}b', t, { '\${input.v}': 1 }, { \${input.v}: 1 }, \`\${step.output}\`];`,
      ['step'],
    );
    expect(body.diagnostics).toEqual([]);
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const holes = body.holes.map(() => text);
        const result = await runModule(body, { holes, agents: { step: { output: text } }, input: { name: text } });
        const keyed = Object.fromEntries([[text, 1]]);
        expect(result).toEqual([text, text, text, `a${text}b`, `${text}|${text}`, keyed, keyed, text]);
      }),
      { numRuns: 300 },
    );
  });
  // `#` stands for the hole; each body gives back the value it was handed.
  test.each([
    'const f = (a = #) => a; return f()',
    'const { a = # } = {}; return a',
    "class A { x = #; static y = '#'; static { this.z = # } } return A.y === A.z ? new A().x : 0",
    'class A { [#]() { return # } } return new A()[#]()',
    'let a = 1\n#\nreturn #',
    'let a = 1\n\'#\'\nreturn "#"',
    'if (0) return\n#\nreturn (\n#)',
    'outer: for (;;) { for (;;) break outer } return #',
    "switch (#) { case '#': return # }",
    "return `${`${'#'}`}`",
    'return `${#}`',
    "return '' + # + ''",
    "try { throw '#' } catch (e) { return e }",
    "return Object.keys({ ['#']: 1 })[0]",
    'return Object.keys({ #: 1 })[0]',
    'return Object.keys({ get #() { return 1 } })[0]',
    'return [...(function* () { yield # })()][0]',
    'return (async () => #)()',
    'return await #',
    'return { a: [{ b: () => # }] }.a[0].b()',
    'const \\u0061 = #; return \\u{61}',
    '// # </script> <!--\nreturn #',
    '/* # */ return /[#]/.source && #',
    'return String.raw`x` && #',
    'return void 0 ?? #',
    'return #\u2028',
    'const _e = 1, _e1 = 2; return #',
  ])('in %s the value is a value', async (pattern) => {
    for (const value of [`'; return 1; //`, '`${globalThis}`', '\\u2028\u2028\n*/ </script> <!-- "', '__proto__']) {
      expect(await run(pattern.replaceAll('#', '${input.v}'), { '${input.v}': value })).toBe(value);
    }
  });

  test.each([
    'function #() {}',
    '(#) => 1',
    'let # = 1',
    'class # {}',
    'try {} catch (#) {}',
    '# = 1',
    '#++',
    '[#] = [1]',
    '#: for (;;) {}',
    'for (# of []) {}',
    'return { # }',
    'return input.#',
    'return input?.#',
    'class A { #() {} }',
    'class A { "#" = 1 }',
    '"#"; return 1',
    'return a#',
    'return #1',
    'delete #',
    'return super.#',
    'return new.#',
  ])('%s is refused: no value can stand there', (pattern) => {
    expect(problems(pattern.replaceAll('#', '${input.v}'))).not.toEqual([]);
  });

  test('whatever the body, it compiles to a module that loads, or to a diagnostic', async () => {
    const piece = fc.constantFrom(
      ...[
        '${input.a}',
        "'${input.a}'",
        '"x${input.a}y"',
        '`${input.a}`',
        '$<a>',
        'return ',
        '\n',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        ',',
        ';',
        ':',
        '.',
        '?.',
        '/',
        '//',
        '/*',
        '*/',
      ],
      ...[
        "'",
        '"',
        '`',
        '$',
        '${',
        '\\',
        'a',
        'step',
        'fetch-user',
        '=',
        '=>',
        'const ',
        'class ',
        'async ',
        'await ',
        'function ',
        '+',
        '-',
        '1',
        'x',
        '...',
        'import(',
        '#x',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        const body = compileBody(pieces.join(''), ['step', 'fetch-user']);
        if (body.diagnostics.length > 0) return;
        const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(body.source)}`;
        const module = await import(/* @vite-ignore */ url);
        expect(module.default).toBeTypeOf('function');
      }),
      { numRuns: 1_500 },
    );
  });
});

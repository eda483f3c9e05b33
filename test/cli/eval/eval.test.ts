import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fc } from '../../support/fast-check.ts';
import { runMain } from '../support/run-main.ts';

const SCOPE = {
  input: { name: 'Ann', n: 4, rows: [{ price: 5 }, { price: 12 }] },
  state: { total: 3 },
  env: { REGION: 'eu' },
  fetch: { output: { status: 'ok' }, failed: false },
  'fetch-user': { output: { name: 'Bo' } },
};

const evaluate = (expression: string, scope: unknown = SCOPE) =>
  runMain(['eval', '--scope', '-', '--', expression], { stdin: JSON.stringify(scope) });

describe('an expression', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['-input.n', -4],
    ['input.name', 'Ann'],
    ['${input.name}', 'Ann'],
    [' ${ input.n } ', ' 4 '],
    ['$<input.rows[.price > 10].price>', 12],
    ['[3, 1, 2] | sort | first', 1],
    ['fetch-user.output.name | uppercase', 'BO'],
    ['$<fetch-user.output.name|lowercase>', 'bo'],
    ['fetch.output', { status: 'ok' }],
    ['state.total + input.n', 7],
    ['env.REGION', 'eu'],
    ['{ a: input.n, b: [null] }', { a: 4, b: [null] }],
    ['Hello ${input.name}, $<input.n>!', 'Hello Ann, 4!'],
    ['${input.n}${input.n}', '44'],
    ['`${input.name}!`', 'Ann!'],
    ['input.rows.map(row => `${row.price}`)', ['5', '12']],
    ['${input.rows.map(row => `${row.price}`)}', ['5', '12']],
    ["'a$<b'.split('$<')", ['a', 'b']],
    ['$${input.name}', '${input.name}'],
    ['new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['0 / 0', null],
  ])('%s gives %j', async (expression, value) => {
    const { code, stdout, stderr } = await evaluate(expression);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(value);
  });

  test('without a scope knows the roots', async () => {
    expect(await runMain(['eval', 'input ?? run ?? 5'])).toEqual({ code: 0, stdout: '5\n', stderr: '' });
    expect((await runMain(['eval', '-1'])).stdout).toBe('-1\n');
  });

  test('reads the time from the clock of the process', async () => {
    expect((await runMain(['eval', 'Date.now()'])).stdout).toBe('1800000000000\n');
    expect((await runMain(['eval', 'crypto.randomUUID()'])).stdout).toMatch(/^"[\da-f-]{36}"\n$/);
    expect(Number((await runMain(['eval', 'Math.random()'])).stdout)).toBeLessThan(1);
  });

  test('that is undefined is printed as null, and stderr says so', async () => {
    const { code, stdout, stderr } = await evaluate('fetch.output.nothing');
    expect([code, stdout, stderr]).toEqual([0, 'null\n', 'note: the value is undefined, which JSON writes as null.\n']);
    expect((await evaluate('null')).stderr).toBe('');
  });

  test('of a text that has no value is told, as a run tells it', async () => {
    const { code, stdout, stderr } = await evaluate('Hello ${input.nick}!');
    expect([code, stdout]).toEqual([0, '"Hello !"\n']);
    expect(stderr).toBe('warning: ${input.nick} has no value here; nothing stands in its place.\n');
  });

  test('prints JSON that a terminal can show', async () => {
    const { stdout } = await runMain(['eval', 'String.fromCharCode(155, 0x202e)'], { stdoutTty: true });
    expect(stdout).toBe('"\\u009b\\u202e"\n');
  });
});

describe('what is wrong', () => {
  test('in the expression is shown with its place, exit 1', async () => {
    const { code, stdout, stderr } = await evaluate('input.name.lenght()');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('<expression>:1:12: error[unknown-method]: ');
    expect(stderr).toContain('1 | input.name.lenght()\n  |            ^^^^^^\n');
  });

  test('in a text is shown at its place in the text', async () => {
    const { code, stderr } = await evaluate('Hello\n${input.name +}!');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^<expression>:2:\d+: error\[expression-syntax\]/);
  });

  test.each([
    ['nobody.output', 'unknown-name'],
    ['input.constructor', 'forbidden-property'],
    ['input.n = 1', 'expression-not-allowed'],
    ['process.exit()', 'unknown-name'],
    ['', 'expression-syntax'],
    ['${input.name', 'unclosed-expression'],
    [`[${'1,'.repeat(2100)}]`, 'expression-too-large'],
    ['/(a+)+$/.test(input.name)', 'unsafe-regex'],
  ])('%s is refused', async (expression, rule) => {
    const { code, stdout, stderr } = await evaluate(expression);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`error[${rule}]`);
  });

  test('in the evaluation is shown with its code, exit 3', async () => {
    const { code, stdout, stderr } = await evaluate('Hi ${fetch.output.nothing.trim()}');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^<expression>:1:4: error\[EXPRESSION\]: fetch\.output\.nothing is undefined/);
    expect(stderr).toContain('1 | Hi ${fetch.output.nothing.trim()}\n  |    ^^^');
    expect(stderr).toContain('help: where a value may be missing');
  });

  test('beyond a limit of a run is beyond it here', async () => {
    const { code, stderr } = await evaluate("'x'.repeat(2000000)");
    expect(code).toBe(3);
    expect(stderr).toContain('error[EXPRESSION_LIMIT]');
  });

  test.each([
    ['[1]', 'the scope must be a JSON object'],
    ['null', 'the scope must be a JSON object'],
    ['{', 'stdin is not JSON'],
    ['', 'stdin is not JSON: it is empty'],
    [`{"input":${'['.repeat(2000)}${']'.repeat(2000)}}`, 'stdin is nested deeper than 1000 levels'],
  ])('in a scope such as %.20s is a wrong command line', async (stdin, message) => {
    const { code, stdout, stderr } = await runMain(['eval', '1', '--scope', '-'], { stdin });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('on the command line ends with 2', async () => {
    expect((await runMain(['eval'])).code).toBe(2);
    expect(await runMain(['eval', '1', '--scope', 'none.json'], { cwd: '/nowhere' })).toMatchObject({
      code: 2,
      stderr: 'error: --scope none.json cannot be read: there is no such file\n',
    });
  });
});

describe('a scope in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-eval-')));
    writeFileSync(join(folder, 'scope.json'), `\ufeff${JSON.stringify(SCOPE)}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is read relative to the working folder', async () => {
    expect(await runMain(['eval', 'input.name', '--scope', 'scope.json'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '"Ann"\n',
      stderr: '',
    });
  });
});

describe('data of the scope', () => {
  test('never becomes code, whatever it says', async () => {
    const text = '${input.n} $<state.total> `${process.exit(1)}`';
    expect(JSON.parse((await evaluate('${input.text}', { input: { text } })).stdout)).toBe(text);
    expect(JSON.parse((await evaluate('x ${input.text}', { input: { text } })).stdout)).toBe(`x ${text}`);
  });

  test('has no names but those that a name can be, and own properties alone', async () => {
    expect((await evaluate('__proto__.x', JSON.parse('{"__proto__":{"x":1}}'))).code).toBe(1);
    expect((await evaluate('constructor', { constructor: 1 })).code).toBe(1);
    expect((await runMain(['eval', 'a.toString', '--scope', '-'], { stdin: '{"a":{}}' })).stdout).toBe('null\n');
    expect((await evaluate('true', { true: 5 })).stdout).toBe('true\n');
  });

  test('comes back as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const { code, stdout } = await evaluate('fetch.output', { fetch: { output: value } });
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 50 },
    );
  });
});

test('any text ends in a value or in findings, never in a stack trace', async () => {
  const piece = fc.constantFrom(
    '${',
    '$<',
    '}',
    '>',
    '`',
    "'",
    '"',
    'input',
    '.',
    '(',
    ')',
    '[',
    ']',
    '|',
    'sort',
    '1',
    ' ',
    '\n',
    '-',
    '$$',
    '/',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(text, async (expression) => {
      const { code, stdout, stderr } = await evaluate(expression, {});
      expect([0, 1, 3]).toContain(code);
      if (code === 0) JSON.parse(stdout);
      else expect(stderr).toMatch(/^<expression>:\d+:\d+: error\[/);
    }),
    { numRuns: 500 },
  );
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fc } from './support/fast-check.ts';
import { openTestProject, type TestProject } from './support/test-project.ts';

/** Text that would mean something to a parser that saw it: JavaScript, YAML, both expression dialects, SQL. */
const HOSTILE = [
  `it's "quoted" and \\ escaped`,
  'line one\nline two\r\n\ttabbed',
  '${globalThis.process} $<input> `${1 + 1}` $${x}',
  "*/ throw new Error('out of the comment') /*",
  "'; return globalThis; //",
  '"); fetch("http://127.0.0.1/"); ("',
  '`; } }; export const x = 1; //',
  '</script>\u2028\u2029\u0000\ud83d\ude00',
  "Robert'); DROP TABLE users;--",
  '{{ 7 * 7 }} - !!js/function "x"\n---\nkey: &a [*a]',
  '__proto__',
  "$& $1 $` $'",
];

/** `echo` passes the value through every kind of hole and every operation that handles text. */
const ECHO = `
ensemble: echo
state:
  schema: { kept: any }
agents:
  - name: fails
    operation: code
    config:
      code: throw new Error(\${input.text});
  - name: my-holes
    operation: code
    config:
      code: |
        // \${input.text} in a comment, and in a block: /* \${input.text} */
        const single = '\${fails.error}';
        const double = "<\${fails.error}>";
        const mixed = 'a \${input.text} b \${input.text} c';
        const template = \`\${input.text}|\${fails.error}\`;
        const value = \${input.text};
        const key = { '\${input.text}': 1 };
        return { single, double, mixed, template, value, keys: Object.keys(key), spread: [...[\${input.text}]], jexl: $<input.text> };
    state:
      set: { kept: "\${my-holes.output.value}" }
  - name: text
    operation: transform
    input: { inner: "\${my-holes.output.value}" }
    config:
      value:
        whole: \${input.inner}
        part: "<\${input.inner}>"
        template: \${\`<\${input.inner}>\`}
        jexl: $<input.inner>
        hyphenated: <\${my-holes.output.template}>
  - name: row
    operation: data
    config: { backend: d1, query: SELECT ? AS text, params: ["\${input.text}"] }
  - name: put
    operation: storage
    config: { type: kv, action: put, key: echo, value: { text: "\${input.text}" } }
  - name: get
    operation: storage
    config: { type: kv, action: get, key: echo }
output:
  holes: \${my-holes.output}
  text: \${text.output}
  row: \${row.output.rows[0].text}
  kv: \${get.output.value.text}
  state: \${state.kept}
  message: \${fails.error}
`;

describe('data never becomes code', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject({});
  });
  afterAll(async () => project?.[Symbol.asyncDispose]());

  async function expectEcho(text: string): Promise<void> {
    const { finished } = await project.runText('ensembles/echo.yaml', ECHO, { input: { text } });
    expect(finished).toMatchObject({ status: 'succeeded' });
    expect(finished.output).toEqual({
      holes: {
        single: text,
        double: `<${text}>`,
        mixed: `a ${text} b ${text} c`,
        template: `${text}|${text}`,
        value: text,
        keys: [text],
        spread: [text],
        jexl: text,
      },
      text: { whole: text, part: `<${text}>`, template: `<${text}>`, jexl: text, hyphenated: `<${text}|${text}>` },
      row: text,
      kv: text,
      state: text,
      message: text,
    });
  }

  test.each(HOSTILE)('%j arrives as that text through every hole', expectEcho);

  test('any text arrives as that text', async () => {
    // An error without a message is told by its name. D1 binds text as UTF-8 up to a NUL, and lone surrogates are no text: neither can be stored by the emulator.
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((s) => !s.includes('\0') && s.isWellFormed());
    await fc.assert(fc.asyncProperty(text, expectEcho), { numRuns: 25 });
  });
});

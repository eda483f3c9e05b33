import { describe, expect, test } from 'vitest';
import { lint } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import type { JsonObject } from '../../../src/program/json.ts';

const TEXT = `ensemble: x
agents:
  - name: ask
    operation: transform
    config: { value: 1 }
    schema: { output: ./answer.json }
  - name: again
    operation: transform
    config: { value: 2 }
    schema: ./answer.json
`;

function findIn(schema: JsonObject): readonly string[] {
  const project = { ...EMPTY_PROJECT, schemaFile: () => schema };
  return lint({ path: 'ensembles/x.yaml', text: TEXT }, project).map(
    ({ code, span, message }) => `${span.line}:${span.column} ${code} ${message}`,
  );
}

const nested = (open: string, close: string, inside: string): JsonObject => JSON.parse(open.repeat(20_000) + inside + close.repeat(20_000));

describe('what is wrong in a schema file', () => {
  test('is reported at each reference to it, with its place in the file', () => {
    const schema = {
      type: 'object',
      properties: { lines: { type: 'array', items: { type: 'object', properties: { n: { minLenght: 1 } } } } },
    };
    expect(findIn(schema)).toEqual([
      '6:23 unknown-schema-keyword JSON Schema has no keyword "minLenght" at properties.lines.items.properties.n',
      '10:13 unknown-schema-keyword JSON Schema has no keyword "minLenght" at properties.lines.items.properties.n',
    ]);
  });

  test('is found however deeply it is nested', () => {
    expect(findIn({ type: 'object', minimum: nested('[', ']', '') })).toEqual([
      expect.stringMatching(/^6:23 invalid-schema .* not \[…\]$/),
      expect.stringMatching(/^10:13 invalid-schema /),
    ]);
    expect(findIn(nested('{"not":', '}', '{}'))).toEqual([]);
  });
});

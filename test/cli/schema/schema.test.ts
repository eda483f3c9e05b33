import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../../src/cli/schema/schemas.ts';
import { runMain } from '../support/run-main.ts';

const folder = new URL('../../../schemas/', import.meta.url);

describe('ensemble schema', () => {
  test.each(Object.keys(SCHEMAS))('%s prints the file as it is', async (name) => {
    const text = readFileSync(new URL(`${name}.schema.json`, folder), 'utf8');
    expect(await runMain(['schema', name])).toEqual({ code: 0, stdout: text, stderr: '' });
    expect(JSON.parse(text)).toHaveProperty('$schema');
  });

  test('prints that of ensemble files when none is named', async () => {
    expect(await runMain(['schema'])).toEqual(await runMain(['schema', 'ensemble']));
  });

  test('knows every schema of the package', () => {
    // The API's OpenAPI document lies beside them.
    const schemas = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
    expect(schemas.sort()).toEqual(
      Object.keys(SCHEMAS)
        .map((name) => `${name}.schema.json`)
        .sort(),
    );
  });

  test.each([
    ['agnet', 'there is no schema "agnet"; there are ensemble, agent, '],
    ['constructor', 'there is no schema "constructor"'],
    ['../package', 'there is no schema "../package"'],
  ])('%s is a wrong command line', async (name, message) => {
    const { code, stdout, stderr } = await runMain(['schema', name]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('says what was probably meant', async () => {
    expect((await runMain(['schema', 'agnet'])).stderr).toContain('Did you mean agent?');
  });
});

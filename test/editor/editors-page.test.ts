import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { listFences } from '../support/markdown.ts';
import { writeProject } from '../support/written-project.ts';
import { startServer } from './support/language-client.ts';

const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');
const fences = listFences(page);

describe('docs/editors.md', () => {
  test('shows settings that can be read', () => {
    for (const { info, text } of fences) {
      if (info.startsWith('json')) expect(JSON.parse(text)).toBeTypeOf('object');
      if (info.startsWith('toml')) expect(parseToml(text)).toBeTypeOf('object');
    }
    expect(fences.length).toBeGreaterThan(7);
  });

  test('starts the server in one way', async () => {
    const commands = [...page.matchAll(/ensemble['", ]+lsp([^\n`]*)/g)].map(([, options = '']) => options.match(/--\w+/g) ?? []);
    const given = commands.filter((options) => options.length > 0);
    expect(given.length).toBeGreaterThan(4);
    expect(new Set(given.map((options) => options.join(' ')))).toEqual(new Set(['--stdio']));
    using project = writeProject({});
    await using server = startServer(project.root, given[0]);
    await server.client.initialize(project.root);
    await server.client.shutdown();
    expect(await server.ended).toBe(0);
  });
});

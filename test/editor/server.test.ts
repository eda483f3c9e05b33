import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CodeActionRequest,
  type CompletionItem,
  CompletionRequest,
  DefinitionRequest,
  DocumentSymbolRequest,
  HoverRequest,
  type Position,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type WrittenProject, writeProject } from '../support/written-project.ts';
import { type ServerProcess, startServer } from './support/language-client.ts';

const TEXT = `ensemble: orders
input: { day: string }
state:
  schema: { total: number }
agents:
  - name: fetch-orders
    operation: http
    config: { url: "https://example.com/\${input.day}" }
  - name: sum
    agent: sum-up
    input: { orders: "\${fetch-orders.output}" }
    state: { set: { total: "\${sum.output}" } }
output: \${state.total}
`;
const SUM_UP = 'agent: sum-up\ninputs: { orders: array }\noperation: transform\nconfig: { value: "${input.orders | sum(\'price\')}" }\n';

/** The position behind the first occurrence of a piece of the text. */
function behind(text: string, piece: string): Position {
  const index = text.indexOf(piece);
  if (index === -1) throw new Error(`the text has no ${piece}`);
  return TextDocument.create('x:', 'yaml', 1, text).positionAt(index + piece.length);
}

const edited = (text: string, edits: readonly TextEdit[] = []): string =>
  TextDocument.applyEdits(TextDocument.create('x:', 'yaml', 1, text), [...edits]);

describe('ensemble lsp', () => {
  let project: WrittenProject;
  let server: ServerProcess;
  let uri: string;
  const at = (piece: string, text = TEXT) => ({ textDocument: { uri }, position: behind(text, piece) });

  beforeAll(async () => {
    project = writeProject({ 'ensembles/orders.yaml': TEXT, 'agents/sum-up.yaml': SUM_UP });
    uri = pathToFileURL(join(project.root, 'ensembles/orders.yaml')).href;
    server = startServer(project.root);
    const { capabilities, serverInfo } = await server.client.initialize(project.root);
    expect(serverInfo?.name).toBe('ensemble');
    expect(capabilities).toMatchObject({ hoverProvider: true, renameProvider: { prepareProvider: true } });
    await server.client.open(uri, TEXT);
    await server.client.diagnostics(uri, () => true);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    project[Symbol.dispose]();
  });

  test('says nothing about a file in which nothing is wrong', async () => {
    expect(await server.client.diagnostics(uri, () => true)).toEqual([]);
  });

  test('sends findings as somebody types, by incremental changes', async () => {
    const start = behind(TEXT, 'url: ');
    await server.client.change(uri, { range: { start: { ...start, character: start.character - 5 }, end: start }, text: 'ulr: ' });
    const found = await server.client.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    const unknown = found.find(({ code }) => code === 'unknown-key');
    expect(unknown).toMatchObject({
      severity: 1,
      source: 'ensemble',
      range: { start: { line: 7, character: 14 }, end: { line: 7, character: 17 } },
    });
    expect(unknown?.message).toContain('did you mean "url"?');
    await server.client.change(uri, { text: TEXT });
    await server.client.diagnostics(uri, (diagnostics) => diagnostics.length === 0);
  });

  test('checks ensembles again when an agent file changes in another editor or on the disk', async () => {
    const other = pathToFileURL(join(project.root, 'agents/sum-up.yaml')).href;
    await server.client.open(other, SUM_UP);
    await server.client.change(other, { text: SUM_UP.replace('orders: array', 'orders: number') });
    await server.client.diagnostics(other, (diagnostics) => diagnostics.length > 0);
    await server.client.close(other);
    await server.client.diagnostics(other, (diagnostics) => diagnostics.length === 0);
    writeFileSync(join(project.root, 'agents/sum-up.yaml'), SUM_UP);
    expect(server.client.registrations).toContain('workspace/didChangeWatchedFiles');

    writeFileSync(join(project.root, 'ensemble.config.yaml'), 'rules: { text-repair: off }\n');
    const repaired = TEXT.replace('ensemble: orders\n', 'ensemble: orders\ndescription: Note: this\n');
    await server.client.change(uri, { text: repaired });
    await server.client.fileChanged(pathToFileURL(join(project.root, 'ensemble.config.yaml')).href);
    await server.client.diagnostics(uri, (diagnostics, version) => diagnostics.length === 0 && (version ?? 0) > 3);
    writeFileSync(join(project.root, 'ensemble.config.yaml'), '');
    await server.client.fileChanged(pathToFileURL(join(project.root, 'ensemble.config.yaml')).href);
    await server.client.diagnostics(uri, (diagnostics) => diagnostics.some(({ code }) => code === 'text-repair'));
    await server.client.change(uri, { text: TEXT });
    await server.client.diagnostics(uri, (diagnostics) => diagnostics.length === 0);
  });

  test('hovers', async () => {
    const hover = await server.client.connection.sendRequest(HoverRequest.type, at('${state.to'));
    expect(hover).toEqual({
      contents: { kind: 'markdown', value: '`state.total: number | undefined`' },
      range: { start: { line: 12, character: 16 }, end: { line: 12, character: 21 } },
    });
    expect(await server.client.connection.sendRequest(HoverRequest.type, at('output: $'))).toBeNull();
  });

  test('completes, also while the text is no YAML', async () => {
    const labels = async (piece: string, text: string): Promise<readonly string[]> => {
      await server.client.change(uri, { text });
      const list = await server.client.connection.sendRequest(CompletionRequest.type, at(piece, text));
      const items: readonly CompletionItem[] = Array.isArray(list) ? list : (list?.items ?? []);
      return items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(({ label }) => label);
    };
    const broken = TEXT.replace('${state.total}', '${fetch-orders.');
    expect((await labels('output: ${fetch-orders.', broken))[0]).toBe('output');
    expect(await labels('agent: ', TEXT.replace('agent: sum-up', 'agent: '))).toEqual(['sum-up']);
    expect(await labels('{ set: { ', TEXT.replace('{ set: { total: "${sum.output}" } }', '{ set: { '))).toEqual(['total']);
    await server.client.change(uri, { text: TEXT });
  });

  test('sends snippets to a client that knows them', async () => {
    const text = TEXT.replace('agent: sum-up\n', 'agent: sum-up\n    ca\n');
    await server.client.change(uri, { text });
    const list = await server.client.connection.sendRequest(CompletionRequest.type, at('    ca', text));
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    expect(items.find(({ label }) => label === 'cache')).toMatchObject({ insertTextFormat: 2, textEdit: { newText: 'cache:\n  $0' } });
    await server.client.change(uri, { text: TEXT });
  });

  test('goes to definitions in this file and in others', async () => {
    const locations = async (piece: string) => {
      const found = await server.client.connection.sendRequest(DefinitionRequest.type, at(piece));
      return (Array.isArray(found) ? found : []).map((each) =>
        'uri' in each ? `${each.uri.slice(each.uri.lastIndexOf('/'))}:${each.range.start.line}` : '',
      );
    };
    expect(await locations('${fetch-ord')).toEqual(['/orders.yaml:5']);
    expect(await locations('${state.tot')).toEqual(['/orders.yaml:3']);
    expect(await locations('${input.d')).toEqual(['/orders.yaml:1']);
    expect(await locations('agent: sum')).toEqual(['/sum-up.yaml:0']);
  });

  test('lists references and symbols', async () => {
    const references = await server.client.connection.sendRequest(ReferencesRequest.type, {
      ...at('name: fetch'),
      context: { includeDeclaration: true },
    });
    expect(references?.map(({ range }) => range.start.line)).toEqual([5, 10]);
    const symbols = await server.client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    expect(symbols?.map(({ name }) => name)).toEqual(['day', 'total', 'fetch-orders', 'sum']);
  });

  test('renames, and says why not', async () => {
    const { connection } = server.client;
    expect(await connection.sendRequest(PrepareRenameRequest.type, at('name: fetch'))).toEqual({
      range: { start: { line: 5, character: 10 }, end: { line: 5, character: 22 } },
      placeholder: 'fetch-orders',
    });
    const edit = await connection.sendRequest(RenameRequest.type, { ...at('name: fetch'), newName: 'load' });
    expect(edited(TEXT, edit?.changes?.[uri])).toBe(TEXT.replaceAll('fetch-orders', 'load'));
    await expect(connection.sendRequest(RenameRequest.type, { ...at('name: fetch'), newName: 'input' })).rejects.toThrow(
      'is the name of a root',
    );
    await expect(connection.sendRequest(PrepareRenameRequest.type, at('ensemble: ord'))).rejects.toThrow('Only agents');
  });

  test('offers fixes for what it found, and all at once', async () => {
    const text = TEXT.replace('ensemble: orders\n', 'ensemble: orders\ndescription: Note: this\n').replace('url:', 'ulr:');
    await server.client.change(uri, { text });
    const ask = (piece: string, only?: string[]) =>
      server.client.connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: behind(text, piece), end: behind(text, piece) },
        context: { diagnostics: [], ...(only && { only }) },
      });
    const actions = async (piece: string, only?: string[]) =>
      ((await ask(piece, only)) ?? []).map(
        (action) => [action.title, 'edit' in action ? edited(text, action.edit?.changes?.[uri]) : ''] as const,
      );
    expect(new Map(await actions('ul')).get('Change to url')).toBe(text.replace('ulr:', 'url:'));
    expect(new Map(await actions('Not')).get('Quote the value')).toBe(text.replace('Note: this', '"Note: this"'));
    expect(new Map(await actions('Not')).get('Ignore text-repair here')).toContain('# ensemble-ignore text-repair: say why\ndescription');
    expect(await actions('ensemb', ['source.fixAll'])).toEqual([
      ['Fix all that is safe to fix', text.replace('Note: this', '"Note: this"')],
    ]);
    expect(await actions('ul', ['refactor'])).toEqual([]);
    await server.client.change(uri, { text: TEXT });
  });

  test('has nothing to say about files that are none of ours', async () => {
    const foreign = pathToFileURL(join(project.root, 'docker-compose.yaml')).href;
    await server.client.open(foreign, 'services: [\n');
    const params = { textDocument: { uri: foreign }, position: { line: 0, character: 3 } };
    expect(await server.client.connection.sendRequest(HoverRequest.type, params)).toBeNull();
    expect(await server.client.connection.sendRequest(CompletionRequest.type, params)).toBeNull();
    expect(
      await server.client.connection.sendRequest(HoverRequest.type, { ...params, textDocument: { uri: 'file:///never/opened.yaml' } }),
    ).toBeNull();
  });

  test('answers on behind texts of any kind', async () => {
    for (const text of [
      '\u0000\u0001',
      '${'.repeat(2000),
      `ensemble: ${'['.repeat(3000)}`,
      '- '.repeat(3000),
      '',
      '\uFEFFensemble: e\r\nagents: []\r\n',
    ]) {
      await server.client.change(uri, { text });
      const params = { textDocument: { uri }, position: { line: 0, character: 2 } };
      await server.client.connection.sendRequest(CompletionRequest.type, params);
      await server.client.connection.sendRequest(HoverRequest.type, params);
    }
    await server.client.change(uri, { text: TEXT });
    expect(await server.client.connection.sendRequest(HoverRequest.type, at('${state.to'))).not.toBeNull();
    expect(server.client.messages).toEqual([]);
  });
});

describe('the process of ensemble lsp', () => {
  test('ends with 0 after shutdown and exit, and says nothing beside the protocol', async () => {
    using project = writeProject({});
    await using server = startServer(project.root, []);
    await server.client.initialize(project.root, { markdown: false, snippets: false });
    const uri = pathToFileURL(join(project.root, 'ensembles/e.yaml')).href;
    await server.client.open(uri, 'ensemble: e\n');
    const hover = await server.client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: 2 },
    });
    expect(hover?.contents).toMatchObject({ kind: 'plaintext', value: expect.stringMatching(/^ensemble — The name/) });
    await server.client.shutdown();
    expect(await server.ended).toBe(0);
    expect(server.stderr()).toBe('');
  });

  test('ends when the editor goes away without a word', async () => {
    using project = writeProject({});
    await using server = startServer(project.root);
    await server.client.initialize(project.root);
    server.stdin.end();
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toBe('');
  });

  test('takes what editors put on its command line, and refuses the rest', async () => {
    using project = writeProject({});
    await using server = startServer(project.root, ['--stdio', `--clientProcessId=${process.pid}`]);
    await server.client.initialize(project.root);
    await server.client.shutdown();
    expect(await server.ended).toBe(0);
    await using wrong = startServer(project.root, ['--sttdio']);
    expect(await wrong.ended).toBe(2);
    expect(wrong.stderr()).toContain("unknown option '--sttdio'");
  });
});

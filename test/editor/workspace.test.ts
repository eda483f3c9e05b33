import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isOurs, Workspace } from '../../src/editor/workspace.ts';
import { findProject } from '../../src/node/find-project.ts';
import { writeRunShapes } from '../../src/node/run-shapes.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';

const CALLER = 'ensemble: caller\nagents:\n  - name: hello\n    agent: greet\noutput: ${hello.output}\n';
const GREET = 'agent: greet\noperation: transform\nconfig: { value: x }\n';

let written: WrittenProject | undefined;
afterEach(() => {
  written?.[Symbol.dispose]();
  written = undefined;
});

function open(files: Readonly<Record<string, string>>) {
  written = writeProject(files);
  const { root } = written;
  const documents = new Map<string, TextDocument>();
  const workspace = new Workspace({ get: (uri) => documents.get(uri), all: () => [...documents.values()] });
  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  let version = 0;
  return {
    root,
    workspace,
    uriOf,
    edit(path: string, text: string, languageId = 'yaml') {
      const uri = uriOf(path);
      documents.set(uri, TextDocument.create(uri, languageId, ++version, text));
      return uri;
    },
    codes: (uri: string) => workspace.findings(uri)?.map(({ code }) => code),
  };
}

describe('the workspace of an editor', () => {
  test('reads agent files from their editors before they are saved', () => {
    const { workspace, edit, codes } = open({});
    const uri = edit('ensembles/caller.yaml', CALLER);
    expect(codes(uri)).toEqual(['missing-agent-file']);
    edit('agents/greet.yaml', GREET);
    workspace.forget();
    expect(codes(uri)).toEqual([]);
    expect(workspace.snapshot(uri)?.project.agentNames()).toEqual(['greet']);
  });

  test('finds versions of agent files that are not saved, and takes their text from the editor', () => {
    const { workspace, edit, codes } = open({ 'agents/greet@1.0.0.yaml': `${GREET}version: 1.0.0\n` });
    const uri = edit('ensembles/caller.yaml', CALLER.replace('agent: greet', 'agent: greet@^1.1'));
    expect(codes(uri)).toEqual(['missing-agent-version']);
    edit('agents/greet@1.1.0.yaml', `${GREET}version: 1.1.0\n`);
    workspace.forget();
    expect(codes(uri)).toEqual([]);
    edit('agents/greet@1.1.0.yaml', GREET);
    edit('agents/greet@1.0.0.yaml', `${GREET}version: 1.2.0\n`);
    workspace.forget();
    expect(codes(uri)).toEqual([]);
    expect(workspace.snapshot(uri)?.project.agentNames()).toEqual(['greet']);
  });

  test('takes the text of the editor before that of the disk', () => {
    const { workspace, edit } = open({ 'agents/greet/agent.yaml': GREET, 'ensembles/other.yaml': 'ensemble: other\n' });
    edit('agents/greet/agent.yaml', GREET.replace('value: x', 'value: other'));
    const uri = edit('ensembles/caller.yaml', CALLER);
    expect(workspace.snapshot(uri)?.project.agentFile('greet')?.text).toContain('other');
    expect(workspace.snapshot(uri)?.project.ensembleFile('other', 'ensembles/caller.yaml')?.text).toBe('ensemble: other\n');
  });

  test('analyses each version once, and again when something else has changed', () => {
    const { workspace, edit, root, codes } = open({});
    const uri = edit('ensembles/caller.yaml', CALLER);
    const first = workspace.snapshot(uri);
    expect(workspace.snapshot(uri)).toBe(first);
    mkdirSync(join(root, 'agents'));
    writeFileSync(join(root, 'agents/greet.yaml'), GREET);
    expect(workspace.snapshot(uri)).toBe(first);
    workspace.forget();
    expect(codes(uri)).toEqual([]);
  });

  test('keeps what the last YAML meant while the text is none', () => {
    const { workspace, edit } = open({ 'agents/greet.yaml': GREET });
    const uri = edit('ensembles/caller.yaml', CALLER);
    workspace.snapshot(uri);
    edit('ensembles/caller.yaml', `${CALLER}limits: [\n`);
    const snapshot = workspace.snapshot(uri);
    expect(snapshot?.file).toBeUndefined();
    expect(snapshot?.lastFile?.body.model.name.text).toBe('caller');
    workspace.close(uri);
    expect(workspace.snapshot(uri)?.lastFile).toBeUndefined();
  });

  test('grades findings by the settings of the project, those of the editor first', () => {
    const { workspace, edit, codes } = open({ 'ensemble.config.yaml': 'rules: { constant-condition: off }\n' });
    const text = 'ensemble: e\nagents:\n  - name: a\n    condition: maybe\n    operation: log\n    config: { message: x }\n';
    const uri = edit('ensembles/e.yaml', text);
    expect(codes(uri)).toEqual([]);
    const settings = edit('ensemble.config.yaml', 'rules: { constant-condition: error, unknown: off }\n');
    workspace.forget();
    expect(workspace.findings(uri)?.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error constant-condition']);
    expect(codes(settings)).toEqual(['unknown-rule']);
  });

  test('shows in a file what is wrong in that file alone', () => {
    const { edit, codes } = open({ 'agents/greet.yaml': GREET.replace('transform', 'transfrom') });
    expect(codes(edit('ensembles/caller.yaml', CALLER))).toEqual([]);
    expect(codes(edit('agents/greet.yaml', GREET.replace('transform', 'transfrom')))).toEqual(['unknown-operation']);
  });

  test('finds what the last run left behind, and files by reference', () => {
    const { workspace, edit, root } = open({ '.ensemble/v3/x': '', 'ensembles/scripts/s.ts': '', 'schemas/a.json': '{}' });
    writeRunShapes(findProject(root), new Map([['ensembles/caller.yaml', { format: 1, agents: { hello: { kind: 'null' } }, state: {} }]]));
    const snapshot = workspace.snapshot(edit('ensembles/caller.yaml', CALLER));
    expect(snapshot?.shapes().agents).toEqual({ hello: { kind: 'null' } });
    expect(snapshot?.locate('./scripts/s.ts')).toBe('ensembles/scripts/s.ts');
    expect(snapshot?.locate('schemas/a.json')).toBe('schemas/a.json');
    expect(snapshot?.locate('../../etc/passwd')).toBeUndefined();
    expect(workspace.uriOf('schemas/a.json', 'untitled:x')).toBeUndefined();
  });

  test('goes on beside an agent file that cannot be read', () => {
    const { root, edit, codes } = open({ 'agents/greet.yaml': '' });
    writeFileSync(join(root, 'agents/greet.yaml'), new Uint8Array([0xff, 0xfe, 0x00]));
    expect(codes(edit('ensembles/caller.yaml', CALLER))).toEqual([]);
  });

  test('knows documents that were never saved', () => {
    const documents = [TextDocument.create('untitled:Untitled-1', 'ensemble', 1, 'ensemble: e\nagents: [{ name: a }]\n')];
    const workspace = new Workspace({ get: (uri) => documents.find((each) => each.uri === uri), all: () => documents });
    expect(workspace.findings('untitled:Untitled-1')?.map(({ code }) => code)).toEqual(['agent-without-operation']);
  });
});

describe('a document is ours', () => {
  test.each([
    ['ensembles/a.yaml', 'x: 1', 'yaml', true],
    ['ensembles/deep/er/a.yml', '', 'yaml', true],
    ['agents/a.yaml', '', 'yaml', true],
    ['agents/a/agent.yaml', '', 'yaml', true],
    ['agents/a/other.yaml', 'x: 1', 'yaml', false],
    ['agents/a/readme.md', 'x', 'markdown', false],
    ['flows/a.yaml', 'description: x\nensemble: a\n', 'yaml', true],
    ['docker-compose.yaml', 'services: {}\n', 'yaml', false],
    ['.github/workflows/ci.yml', 'name: ci\non: push\n', 'yaml', false],
    ['notes.md', 'ensemble: a\n', 'markdown', false],
    ['anything', 'x', 'ensemble', true],
  ])('%s with %j as %s: %s', (path, text, language, expected) => {
    expect(isOurs(path, text, language)).toBe(expected);
  });
});

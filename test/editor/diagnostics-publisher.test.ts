import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DiagnosticsPublisher } from '../../src/editor/diagnostics-publisher.ts';
import { Workspace } from '../../src/editor/workspace.ts';

const WRONG = 'ensemble: e\nagents:\n  - name: a\n    operation: logg\n';

/** A publisher whose time is moved by hand. */
function setUp() {
  const documents = new Map<string, TextDocument>();
  const open = { get: (uri: string) => documents.get(uri), all: () => [...documents.values()] };
  const waiting = new Set<() => void>();
  const later = (run: () => void) => {
    waiting.add(run);
    return { cancel: () => void waiting.delete(run) };
  };
  const sent: string[] = [];
  const errors: string[] = [];
  const connection = {
    console: { error: (message: string) => void errors.push(message) },
    sendDiagnostics: async ({
      uri,
      version,
      diagnostics,
    }: {
      uri: string;
      version?: number;
      diagnostics: readonly { code?: unknown }[];
    }) => {
      sent.push(`${uri} ${version ?? '-'}: ${diagnostics.map(({ code }) => code).join()}`);
    },
  };
  const publisher = new DiagnosticsPublisher(connection, open, new Workspace(open), later);
  let version = 0;
  return {
    publisher,
    documents,
    errors,
    edit(uri: string, text: string) {
      documents.set(uri, TextDocument.create(uri, 'ensemble', ++version, text));
      publisher.changed(uri, false);
    },
    close(uri: string) {
      documents.delete(uri);
      publisher.closed(uri);
    },
    /** Lets the time pass for which changes are put off, and gives what was sent by then. */
    settle(): readonly string[] {
      for (const run of [...waiting]) {
        waiting.delete(run);
        run();
      }
      return sent.splice(0);
    },
  };
}

describe('findings', () => {
  test('are sent once for several changes in a row, for the last version', () => {
    const { edit, settle } = setUp();
    edit('untitled:a', 'ensemble: e\n');
    edit('untitled:a', WRONG);
    edit('untitled:a', `${WRONG} `);
    expect(settle()).toEqual(['untitled:a 3: unknown-operation']);
    expect(settle()).toEqual([]);
  });

  test('of every open document are sent again when something changed that they may depend on', () => {
    const { edit, settle, publisher } = setUp();
    edit('untitled:a', WRONG);
    edit('untitled:b', WRONG);
    settle();
    publisher.allChanged();
    publisher.allChanged();
    expect(settle()).toEqual(['untitled:a 1: unknown-operation', 'untitled:b 2: unknown-operation']);
  });

  test('go away with the document', () => {
    const { edit, close, settle } = setUp();
    edit('untitled:a', WRONG);
    settle();
    edit('untitled:a', WRONG);
    close('untitled:a');
    expect(settle()).toEqual(['untitled:a -: ']);
  });

  test('of one document are sent when another one brings out a bug', () => {
    const { edit, settle, publisher, documents, errors } = setUp();
    edit('untitled:a', WRONG);
    edit('untitled:b', WRONG);
    settle();
    documents.set('untitled:a', Object.assign(Object.create(documents.get('untitled:a') ?? null), { getText: () => JSON.parse('{') }));
    publisher.allChanged();
    expect(settle()).toEqual(['untitled:b 2: unknown-operation']);
    expect(errors).toEqual([expect.stringMatching(/^This is a bug in ensemble: SyntaxError/)]);
  });

  test('are never sent of a document that is none of ours', () => {
    const { close, settle, publisher } = setUp();
    publisher.changed('untitled:nothing', true);
    close('untitled:nothing');
    expect(settle()).toEqual([]);
  });
});

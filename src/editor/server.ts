import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import packageJson from '../../package.json' with { type: 'json' };
import type { Later } from './debounce.ts';
import { DiagnosticsPublisher } from './diagnostics-publisher.ts';
import { isDependency, WATCHED_FILES } from './is-dependency.ts';
import { answerRequests } from './requests.ts';
import { Workspace } from './workspace.ts';

/** Wires a connection to the features of the language; it listens, and answers until the function that it gives back is called: before the connection is given up. */
export function serve(connection: Connection, later: Later): () => void {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(documents);
  const publisher = new DiagnosticsPublisher(connection, documents, workspace, later);
  let capabilities: InitializeParams['capabilities'] = {};

  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    return describeServer(params);
  });
  connection.onInitialized(() => {
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
    const watchers = [{ globPattern: WATCHED_FILES }];
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  });
  documents.onDidChangeContent(({ document: { uri } }) => publisher.changed(uri, isDependency(uri)));
  // An editor that watches no files tells at least that it has saved one.
  documents.onDidSave(() => publisher.allChanged());
  documents.onDidClose(({ document: { uri } }) => {
    workspace.close(uri);
    publisher.closed(uri);
    if (isDependency(uri)) publisher.allChanged();
  });
  connection.onDidChangeWatchedFiles(() => publisher.allChanged());
  answerRequests(connection, documents, workspace, () => capabilities);
  documents.listen(connection);
  connection.listen();
  return () => publisher.stop();
}

function describeServer({ capabilities }: InitializeParams): InitializeResult {
  const canPrepare = capabilities.textDocument?.rename?.prepareSupport === true;
  return {
    serverInfo: { name: 'ensemble', version: packageJson.version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['{', '<', '.', '|', ' ', '['] },
      definitionProvider: true,
      referencesProvider: true,
      documentSymbolProvider: true,
      renameProvider: canPrepare ? { prepareProvider: true } : true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
    },
  };
}

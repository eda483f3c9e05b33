import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));

/** An editor, as far as the protocol goes: real messages over real streams. */
export class LanguageClient {
  readonly connection: ProtocolConnection;
  /** What the server said in its log and in message boxes. */
  readonly messages: string[] = [];
  readonly registrations: string[] = [];
  readonly #versions = new Map<string, number>();
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(fromServer: Readable, toServer: Writable) {
    this.connection = createProtocolConnection(new StreamMessageReader(fromServer), new StreamMessageWriter(toServer));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.push(params);
      for (const wake of this.#waiting) wake();
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => void this.messages.push(message));
    this.connection.onNotification(ShowMessageNotification.type, ({ message }) => void this.messages.push(message));
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registrations.push(...registrations.map(({ method }) => method));
    });
    this.connection.listen();
  }

  async initialize(root: string, { snippets = true, markdown = true, processId = process.pid } = {}): Promise<InitializeResult> {
    const contentFormat = markdown ? (['markdown', 'plaintext'] as const) : (['plaintext'] as const);
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId,
      rootUri: pathToFileURL(root).href,
      capabilities: {
        workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
        textDocument: {
          hover: { contentFormat: [...contentFormat] },
          rename: { prepareSupport: true },
          completion: { completionItem: { snippetSupport: snippets } },
        },
      },
      workspaceFolders: null,
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(uri: string, text: string, languageId = 'yaml'): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
  }

  async change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const version = (this.#versions.get(uri) ?? 1) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  async fileChanged(uri: string): Promise<void> {
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri, type: FileChangeType.Changed }] });
  }

  /** The findings of a document as soon as they are what `fits` asks for. */
  async diagnostics(
    uri: string,
    fits: (diagnostics: readonly Diagnostic[], version: number | undefined) => boolean,
  ): Promise<readonly Diagnostic[]> {
    for (;;) {
      const last = this.#published.findLast((published) => published.uri === uri);
      if (last !== undefined && fits(last.diagnostics, last.version)) return last.diagnostics;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }

  async shutdown(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
  }
}

export interface ServerProcess extends AsyncDisposable {
  readonly client: LanguageClient;
  readonly stdin: Writable;
  /** What it wrote beside the protocol. */
  stderr(): string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** `ensemble lsp` as editors start it. */
export function startServer(cwd: string, args: readonly string[] = ['--stdio']): ServerProcess {
  const child = spawn(process.execPath, [bin, 'lsp', ...args], { cwd, stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    client: new LanguageClient(child.stdout, child.stdin),
    stdin: child.stdin,
    stderr: () => stderr,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

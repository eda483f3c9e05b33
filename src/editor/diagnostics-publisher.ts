import type { Connection } from 'vscode-languageserver';
import { Debounce, type Later } from './debounce.ts';
import { toDiagnostic } from './protocol/to-lsp.ts';
import type { OpenDocuments, Workspace } from './workspace.ts';

/** Long enough not to flicker while somebody types, short enough not to be waited for. */
const DELAY_MS = 150;

export interface PublishingConnection extends Pick<Connection, 'sendDiagnostics'> {
  readonly console: { error(message: string): void };
}

/** Sends the findings of open documents to the editor, a moment after they or what they depend on changed. */
export class DiagnosticsPublisher {
  readonly #connection: PublishingConnection;
  readonly #documents: OpenDocuments;
  readonly #workspace: Workspace;
  readonly #debounce: Debounce;
  /** Documents that the editor shows findings of. */
  readonly #shown = new Set<string>();

  constructor(connection: PublishingConnection, documents: OpenDocuments, workspace: Workspace, later: Later) {
    this.#connection = connection;
    this.#documents = documents;
    this.#workspace = workspace;
    this.#debounce = new Debounce(DELAY_MS, later);
  }

  /** `uri` has changed; with `dependents` every other document as well may have other findings. */
  changed(uri: string, dependents: boolean): void {
    if (dependents && this.#documents.all().length > 1) this.allChanged();
    else this.#debounce.ask(uri, () => this.#publish(uri));
  }

  allChanged(): void {
    this.#debounce.ask('', () => {
      this.#workspace.forget();
      for (const { uri } of this.#documents.all()) this.#publish(uri);
    });
  }

  closed(uri: string): void {
    this.#debounce.cancel(uri);
    if (this.#shown.delete(uri)) this.#send(uri, undefined, []);
  }

  /** The editor has gone: nothing is sent any more. */
  stop(): void {
    this.#debounce.cancelAll();
  }

  /** A fault of ours goes to the editor's log; the other documents get their findings all the same. */
  #publish(uri: string): void {
    try {
      this.#publishNow(uri);
    } catch (error) {
      this.#connection.console.error(`This is a bug in ensemble: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #publishNow(uri: string): void {
    const document = this.#documents.get(uri);
    const findings = document && this.#workspace.findings(uri);
    if (document === undefined || findings === undefined) {
      if (this.#shown.delete(uri)) this.#send(uri, undefined, []);
      return;
    }
    this.#shown.add(uri);
    this.#send(
      uri,
      document.version,
      findings.map((finding) => toDiagnostic(document, finding)),
    );
  }

  #send(uri: string, version: number | undefined, diagnostics: ReturnType<typeof toDiagnostic>[]): void {
    void this.#connection.sendDiagnostics({ uri, ...(version !== undefined && { version }), diagnostics });
  }
}

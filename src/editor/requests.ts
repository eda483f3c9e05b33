import {
  CodeActionKind,
  type Connection,
  type InitializeParams,
  type Location,
  LSPErrorCodes,
  type Position,
  ResponseError,
  type TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Cursor, cursorAt } from './cursor/cursor.ts';
import { listQuickFixes } from './features/code-actions.ts';
import { complete } from './features/completion.ts';
import { findDefinition } from './features/definition.ts';
import { fixAll } from './features/fix-all.ts';
import { findHover } from './features/hover.ts';
import { findReferences } from './features/references.ts';
import { prepareRename, renameAt } from './features/rename.ts';
import { listSymbols } from './features/symbols.ts';
import { clientTexts, toCodeAction, toCompletionItem, toHover, toRange, toSymbol, toTextEdit } from './protocol/to-lsp.ts';
import type { Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/** An open document that is ours, and what it means. */
interface Open {
  readonly document: TextDocument;
  readonly snapshot: Snapshot;
}

/** Answers what an editor asks about a document; about one that is none of ours there is nothing to say. */
export function answerRequests(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  workspace: Workspace,
  capabilities: () => InitializeParams['capabilities'],
): void {
  /** A fault of ours goes to the editor's log, and the next question is answered all the same. */
  const answer = <Params extends { readonly textDocument: { readonly uri: string } }, Result>(
    nothing: Result,
    find: (open: Open, params: Params) => Result,
  ) => {
    return (params: Params): Result | ResponseError => {
      try {
        const document = documents.get(params.textDocument.uri);
        const snapshot = document && workspace.snapshot(document.uri);
        return document === undefined || snapshot === undefined ? nothing : find({ document, snapshot }, params);
      } catch (error) {
        if (error instanceof ResponseError) return error;
        connection.console.error(`This is a bug in ensemble: ${error instanceof Error ? error.stack : error}`);
        return nothing;
      }
    };
  };
  const cursor = ({ document, snapshot }: Open, { position }: At): Cursor => cursorAt(snapshot, document.offsetAt(position));

  connection.onHover(answer(null, (open, params) => toHover(open.document, findHover(cursor(open, params)), clientTexts(capabilities()))));
  connection.onCompletion(
    answer(null, (open, params) => {
      const texts = clientTexts(capabilities());
      const items = complete(cursor(open, params)).map((item) => toCompletionItem(open.document, item, texts));
      return { isIncomplete: false, items };
    }),
  );
  connection.onDefinition(
    answer([], (open, params) =>
      findDefinition(cursor(open, params)).flatMap(({ path, ...stretch }): Location[] => {
        const { document, snapshot } = open;
        if (path === snapshot.path) return [{ uri: document.uri, range: toRange(document, stretch) }];
        const uri = workspace.uriOf(path, document.uri);
        const top = { line: 0, character: 0 };
        return uri === undefined ? [] : [{ uri, range: { start: top, end: top } }];
      }),
    ),
  );
  connection.onReferences(
    answer([], (open, params) =>
      findReferences(cursor(open, params), params.context.includeDeclaration).map(
        (stretch): Location => ({ uri: open.document.uri, range: toRange(open.document, stretch) }),
      ),
    ),
  );
  connection.onDocumentSymbol(
    answer([], ({ document, snapshot }) => listSymbols(snapshot.text).map((symbol) => toSymbol(document, symbol))),
  );
  connection.onPrepareRename(
    answer(null, ({ document, snapshot }, { position }) => {
      const found = prepareRename(snapshot, document.offsetAt(position));
      if ('refused' in found) throw new ResponseError(LSPErrorCodes.RequestFailed, found.refused);
      return found.stretch === undefined ? null : { range: toRange(document, found.stretch), placeholder: found.name };
    }),
  );
  connection.onRenameRequest(
    answer(null, ({ document, snapshot }, { position, newName }) => {
      const rename = renameAt(snapshot, document.offsetAt(position), newName);
      if ('refused' in rename) throw new ResponseError(LSPErrorCodes.RequestFailed, rename.refused);
      for (const note of rename.notes) connection.window.showWarningMessage(note);
      return { changes: { [document.uri]: rename.edits.map((edit) => toTextEdit(document, edit)) } };
    }),
  );
  connection.onCodeAction(
    answer([], ({ document, snapshot }, { range, context: { only } }) => {
      const wants = (kind: string): boolean =>
        only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
      const fixes = wants(CodeActionKind.QuickFix)
        ? listQuickFixes(snapshot, document.offsetAt(range.start), document.offsetAt(range.end)).map((fix) => toCodeAction(document, fix))
        : [];
      const all = wants(CodeActionKind.SourceFixAll) ? fixAll(snapshot) : undefined;
      if (all === undefined) return fixes;
      const edit = { changes: { [document.uri]: [toTextEdit(document, all)] } };
      return [...fixes, { title: 'Fix all that is safe to fix', kind: CodeActionKind.SourceFixAll, edit }];
    }),
  );
}

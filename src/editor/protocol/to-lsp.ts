import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  type Hover,
  InsertTextFormat,
  type Diagnostic as LspDiagnostic,
  type TextEdit as LspTextEdit,
  type MarkupContent,
  type Range,
  SymbolKind,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { rulePageUrl } from '../../program/rule-page.ts';
import type { TextEdit } from '../apply-edits.ts';
import type { Entry, EntryKind } from '../completion/entry.ts';
import type { QuickFix } from '../features/code-actions.ts';
import type { HoverText } from '../features/hover.ts';
import type { FileSymbol } from '../features/symbols.ts';
import { withoutMarkdown } from '../markdown.ts';

/** What texts a client can take. */
export interface ClientTexts {
  readonly markdown: boolean;
  readonly snippets: boolean;
}

/** In hovers and completions alike. A client that says nothing reads Markdown. */
export function clientTexts({ textDocument }: ClientCapabilities): ClientTexts {
  const formats = textDocument?.hover?.contentFormat;
  return {
    markdown: formats === undefined || formats.includes('markdown'),
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
  };
}

/** Where the editor shows it: offsets become lines and characters (UTF-16, from 0). */
export function toRange(document: TextDocument, { start, end }: { readonly start: number; readonly end: number }): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function toTextEdit(document: TextDocument, edit: TextEdit): LspTextEdit {
  return { range: toRange(document, edit), newText: edit.text };
}

export function toDiagnostic(document: TextDocument, { code, severity, message, help, span }: Diagnostic): LspDiagnostic {
  const tags = tagsOf(code);
  const href = rulePageUrl(code);
  return {
    range: toRange(document, span),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    ...(href !== undefined && { codeDescription: { href } }),
    source: 'ensemble',
    message: help === undefined ? message : `${message}\n${help}`,
    ...(tags.length > 0 && { tags }),
  };
}

/** Rules whose findings nobody would miss, and those about spellings of the past, say so in their names. */
function tagsOf(code: string): DiagnosticTag[] {
  if (code.startsWith('deprecated-')) return [DiagnosticTag.Deprecated];
  return /^(?:unused|unneeded|unreachable)-/.test(code) ? [DiagnosticTag.Unnecessary] : [];
}

const SYMBOLS = { agent: SymbolKind.Function, state: SymbolKind.Variable, input: SymbolKind.Field } as const;

export function toSymbol(document: TextDocument, { kind, name, detail, ...stretch }: FileSymbol): DocumentSymbol {
  const range = toRange(document, stretch);
  return { name, ...(detail !== undefined && { detail }), kind: SYMBOLS[kind], range, selectionRange: range };
}

export function toCodeAction(document: TextDocument, { title, finding, edit, preferred }: QuickFix): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(document, finding)],
    edit: { changes: { [document.uri]: [toTextEdit(document, edit)] } },
    ...(preferred && { isPreferred: true }),
  };
}

const COMPLETION_KINDS = {
  agent: CompletionItemKind.Variable,
  root: CompletionItemKind.Module,
  property: CompletionItemKind.Field,
  method: CompletionItemKind.Method,
  filter: CompletionItemKind.Function,
  function: CompletionItemKind.Function,
  constant: CompletionItemKind.Constant,
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  file: CompletionItemKind.File,
  rule: CompletionItemKind.Value,
} as const satisfies Readonly<Record<EntryKind, CompletionItemKind>>;

export function toCompletionItem(document: TextDocument, entry: Entry, client: ClientTexts): CompletionItem {
  const { label, kind, detail, doc, text = label, snippet, filter, rank = 5 } = entry;
  const isSnippet = client.snippets && snippet !== undefined;
  return {
    label,
    kind: COMPLETION_KINDS[kind],
    ...(detail !== undefined && { detail }),
    ...(doc !== undefined && { documentation: toMarkup(doc, client) }),
    ...(filter !== undefined && { filterText: filter }),
    sortText: `${rank}${label}`,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: toRange(document, entry), newText: isSnippet ? snippet : text },
  };
}

export function toHover(document: TextDocument, hover: HoverText | undefined, client: ClientTexts): Hover | null {
  return hover === undefined ? null : { contents: toMarkup(hover.markdown, client), range: toRange(document, hover) };
}

function toMarkup(markdown: string, { markdown: isRead }: ClientTexts): MarkupContent {
  return isRead ? { kind: 'markdown', value: markdown } : { kind: 'plaintext', value: withoutMarkdown(markdown) };
}

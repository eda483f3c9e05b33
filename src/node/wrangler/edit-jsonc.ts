import { applyEdits, modify, parse } from 'jsonc-parser';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { ConfigChange } from './config-change.ts';

/** A JSON text with comments with one change in it; comments and order stay, and the layout but for the list that gets an entry. */
export function editJsonc(text: string, { type, path, value }: ConfigChange): string {
  const list = type === 'append' ? valueAt(parse(text, [], { allowTrailingComma: true }), path) : undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol };
  const edits = Array.isArray(list)
    ? modify(text, [...path, list.length], value, { formattingOptions, isArrayInsertion: true })
    : modify(text, [...path], type === 'append' ? [value] : value, { formattingOptions });
  return applyEdits(text, edits);
}

function valueAt(document: JsonValue, path: ConfigChange['path']): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return (value as JsonObject)[part];
  }, document);
}

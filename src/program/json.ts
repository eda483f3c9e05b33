/** A value that JSON can hold. All data that crosses a room is one of these; nothing that is executable ever is. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
/** A JSON Schema (draft 2020-12 subset that `@cfworker/json-schema` checks), already expanded from short forms. */
export type JsonSchema = JsonObject;

/** What the annotations of scripts/schemas/vocabulary.ts say about a place of the schema. */
export interface AnnotatedSchema {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly 'x-expected'?: string;
  readonly 'x-left-to'?: string;
  readonly 'x-needs'?: readonly string[];
  readonly 'x-conflict'?: readonly [string, string];
}

/** An error of Ajv in verbose mode: `data` is the value that does not fit, `parentSchema` the schema that says so. */
export interface ShapeError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: AnnotatedSchema;
  readonly data?: unknown;
}

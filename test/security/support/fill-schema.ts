type Schema = Readonly<Record<string, unknown>>;

/** A value that a JSON Schema allows, with `text` wherever it leaves a text free, and in the keys that it leaves free: of the schemas of this project, not of any. */
export function fillSchema(schema: unknown, text: string, definitions: Schema = {}): unknown {
  const fill = (inner: unknown) => fillSchema(inner, text, definitions);
  const { $ref, allOf, oneOf, enum: choices, type, pattern, minimum, properties, additionalProperties, items, ...rest } = schema as Schema;
  if (typeof $ref === 'string') return fill(definitions[$ref.replace('#/$defs/', '')]);
  if (Array.isArray(oneOf)) return fill(oneOf[0]);
  if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map(fill));
  if ('const' in rest) return rest.const;
  if (Array.isArray(choices)) return choices[0];
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return typeof pattern !== 'string' ? text : pattern.includes('26') ? 'r'.repeat(26) : 'HTTP_STATUS';
    case 'integer':
    case 'number':
      return Math.max(1, Number(minimum ?? 0));
    case 'boolean':
      return true;
    case 'array':
      return [fill(items ?? {})];
    case 'object': {
      const fields = Object.entries((properties ?? {}) as Schema).map(([name, inner]) => [name, fill(inner)]);
      const free = typeof additionalProperties === 'object' || fields.length === 0 ? [[text, fill(additionalProperties ?? {})]] : [];
      return Object.fromEntries([...fields, ...free]);
    }
    default:
      return { [text]: [text, 1.5, null] };
  }
}

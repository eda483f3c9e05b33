import agentSchema from '../../../schemas/agent.schema.json' with { type: 'json' };
import ensembleSchema from '../../../schemas/ensemble.schema.json' with { type: 'json' };
import type { Cursor } from '../cursor/cursor.ts';
import type { Path } from '../cursor/place-at.ts';
import { plainValue } from './outline-value.ts';
import { type Schema, schemasAt } from './schemas-at.ts';

/** What the JSON Schemas of the language say about the value at a path of the cursor's file. */
export function fileSchemasAt({ snapshot, outline }: Pick<Cursor, 'snapshot' | 'outline'>, path: Path): readonly Schema[] {
  return schemasAt(snapshot.kind === 'agent' ? agentSchema : ensembleSchema, plainValue(outline), path);
}

/** The first description that there is: that of the place comes before that of what it refers to. */
export function descriptionOf(schemas: readonly Schema[]): string | undefined {
  return schemas.map(({ description }) => description).find((description) => typeof description === 'string');
}

/** A value that can stand at a place, and what it means. */
export interface SchemaChoice {
  readonly value: string;
  readonly description: string | undefined;
}

/** The words that a schema lists for a value. */
export function choicesOf(schemas: readonly Schema[]): readonly SchemaChoice[] {
  const choices = new Map<string, SchemaChoice>();
  for (const { enum: values, examples, enumDescriptions, const: constant, type } of schemas) {
    const listed = Array.isArray(values) ? values : Array.isArray(examples) ? examples : constant === undefined ? [] : [constant];
    for (const [index, value] of [...listed, ...(type === 'boolean' ? [true, false] : [])].entries()) {
      const name = String(value);
      const description = Array.isArray(enumDescriptions) ? enumDescriptions[index] : undefined;
      if (!choices.has(name)) choices.set(name, { value: name, description: typeof description === 'string' ? description : undefined });
    }
  }
  return [...choices.values()];
}

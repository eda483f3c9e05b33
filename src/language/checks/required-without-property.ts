import type { JsonSchema } from '../../program/json.ts';
import { createSuggester } from '../../program/suggest.ts';
import { formOf, placeOf, type SchemaNode } from '../model/schema-places.ts';
import { isMapping, listAuthorSchemas } from './author-schemas.ts';
import type { Check } from './check.ts';

/** A property that is required and not described is most often one whose name is spelled in two ways: then no value can be right. */
export const requiredWithoutProperty: Check = {
  codes: ['required-without-property'],
  check(body, findings) {
    const suggest = createSuggester();
    for (const node of listAuthorSchemas(body).flatMap(({ nodes }) => nodes)) {
      const { required, properties } = node.schema;
      if (!Array.isArray(required) || !isMapping(properties) || !isWhole(node)) continue;
      const known = Object.keys(properties);
      for (const [index, name] of required.entries()) {
        if (typeof name !== 'string' || Object.hasOwn(properties, name)) continue;
        const near = suggest(name, known);
        findings.report(
          'required-without-property',
          placeOfName(node, index),
          `\`required\` names "${name}", which \`properties\` does not describe${node.where}`,
          {
            help: near === undefined ? `it describes ${known.slice(0, 10).join(', ') || 'nothing'}` : `did you mean "${near}"?`,
          },
        );
      }
    }
  },
};

/** Whether the properties stand in one place: no other part speaks of the same value. */
function isWhole({ schema, alone }: SchemaNode): boolean {
  return (
    alone && ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas'].every((key) => !Object.hasOwn(schema, key))
  );
}

function placeOfName(node: SchemaNode, index: number): SchemaNode['span'] {
  const form = formOf(node.schema as JsonSchema);
  const list = form?.kind === 'mapping' ? form.entries.find(({ key }) => key.text === 'required')?.value : undefined;
  return (list?.kind === 'list' ? list.items[index]?.span : undefined) ?? placeOf(node, 'required');
}

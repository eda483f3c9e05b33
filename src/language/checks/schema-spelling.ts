import { createSuggester } from '../../program/suggest.ts';
import type { Findings } from '../model/findings.ts';
import { placeOf, type SchemaNode } from '../model/schema-places.ts';
import { listAuthorSchemas } from './author-schemas.ts';
import type { Check } from './check.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** The keywords of JSON Schema, of its older drafts, and those that OpenAPI adds. */
const KEYWORDS = words(
  `$schema $id $anchor $ref $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $defs $comment $vocabulary definitions id type enum const
  multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format contentEncoding contentMediaType contentSchema
  maxItems minItems uniqueItems maxContains minContains contains items prefixItems additionalItems unevaluatedItems
  maxProperties minProperties required dependentRequired dependentSchemas dependencies properties patternProperties additionalProperties
  propertyNames unevaluatedProperties if then else allOf anyOf oneOf not title description default deprecated readOnly writeOnly examples
  example nullable discriminator xml externalDocs`,
);
/** What a state key says beside its schema (LANGUAGE §4). */
const STATE_KEYWORDS: ReadonlySet<string> = new Set(['reducer', 'valid_for', 'secret', ...KEYWORDS]);
/** What "did you mean" would not find, or would take for another. */
const MEANT: Readonly<Record<string, string>> = {
  min: 'minimum',
  max: 'maximum',
  regex: 'pattern',
  regexp: 'pattern',
  property: 'properties',
};

/** The formats that the validator knows (`@cfworker/json-schema`). */
const FORMATS = words(
  `date time date-time duration uri uri-reference uri-template url email hostname ipv4 ipv6 regex uuid json-pointer json-pointer-uri-fragment
  relative-json-pointer`,
);
/** Names that others define, and what authors tell models and forms with: not checked, and not wrong. */
const OTHER_FORMATS = words(
  `int32 int64 float double byte binary password iri iri-reference idn-email idn-hostname
  cuid cuid2 ulid urn host mime mime-type json timestamp timezone time-zone datetime-local`,
);
const OTHER_KEYWORDS = words('comment comments desc enumDescriptions enumNames multiple note notes prefix ref schema schemas unique valid');

type Suggester = ReturnType<typeof createSuggester>;

/** JSON Schema passes over keywords and formats that it does not know: a misspelled one checks nothing, and nobody hears of it. */
export const schemaSpelling: Check = {
  codes: ['unknown-schema-keyword', 'unknown-format'],
  check(body, findings) {
    const suggest = createSuggester();
    for (const { root, nodes, ofState } of listAuthorSchemas(body)) {
      for (const node of nodes) {
        checkKeywords(node, ofState && node.schema === root ? STATE_KEYWORDS : KEYWORDS, findings, suggest);
        checkFormat(node, findings, suggest);
      }
    }
  },
};

function checkKeywords(node: SchemaNode, known: ReadonlySet<string>, findings: Findings, suggest: Suggester): void {
  for (const keyword of Object.keys(node.schema)) {
    if (KEYWORDS.has(keyword) || OTHER_KEYWORDS.has(keyword) || keyword.startsWith('x-')) continue;
    const near = Object.hasOwn(MEANT, keyword) ? MEANT[keyword] : suggest(keyword, known);
    if (near === undefined) continue;
    findings.report('unknown-schema-keyword', placeOf(node, keyword, 'key'), `JSON Schema has no keyword "${keyword}"${node.where}`, {
      help: `did you mean "${near}"? As it is, it has no effect`,
    });
  }
}

function checkFormat(node: SchemaNode, findings: Findings, suggest: Suggester): void {
  const { format } = node.schema;
  if (typeof format !== 'string' || FORMATS.has(format) || OTHER_FORMATS.has(format)) return;
  const near = suggest(format, FORMATS);
  if (near === undefined) return;
  findings.report('unknown-format', placeOf(node, 'format'), `there is no format "${format}"${node.where}: it checks nothing`, {
    help: `did you mean "${near}"?`,
  });
}

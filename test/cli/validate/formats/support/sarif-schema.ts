/**
 * What SARIF 2.1.0 (OASIS Standard, docs.oasis-open.org/sarif/sarif/v2.1.0) asks of the objects that we write, in our own words: the section
 * of each stands beside it. OASIS's own JSON Schema is not copied here, since its terms do not plainly allow it. This one is stricter: it knows no key that
 * we do not write, so that a new one is looked up in the standard before it is added.
 */
const object = (required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
const list = (items: unknown, more: object = {}) => ({ type: 'array', items, ...more });
const text = { type: 'string', minLength: 1 };
const absoluteUri = { type: 'string', pattern: '^https://[!-~]+$' };

/** §3.11: at least `text`, in which braces are doubled. */
const message = object({ text: { type: 'string', pattern: '^(?:[^{}]|\\{\\{|\\}\\})*$' } });
/** §3.4: a relative reference (RFC 3986: no colon in its first segment, no characters but those of a URI) and what it is relative to. */
const artifactLocation = object({
  uri: { type: 'string', pattern: "^(?![^/]*:)(?!/)(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})+$" },
  uriBaseId: { const: '%SRCROOT%' },
});
/** §3.30: lines and columns count from 1. */
const place = { type: 'integer', minimum: 1 };
const region = object({ startLine: place, startColumn: place, endLine: place, endColumn: place });
/** §3.58.7, §3.27.10. */
const level = { enum: ['none', 'note', 'warning', 'error'] };
/** §3.49. */
const rule = object(
  {
    id: { type: 'string', pattern: '^[a-z]+(?:-[a-z]+)*$' },
    shortDescription: message,
    help: message,
    defaultConfiguration: object({ level }),
  },
  { helpUri: absoluteUri },
);
/** §3.57: `deletedRegion` is what goes, `insertedContent` (§3.3) what comes. */
const replacement = object({ deletedRegion: region, insertedContent: object({ text: { type: 'string' } }) });
/** §3.55 and §3.56: neither of the two lists is empty. */
const fix = object({
  description: message,
  artifactChanges: list(object({ artifactLocation, replacements: list(replacement, { minItems: 1 }) }), { minItems: 1, uniqueItems: true }),
});
/** §3.27. */
const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: list(object({ physicalLocation: object({ artifactLocation, region }) }), { minItems: 1 }),
    partialFingerprints: { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { pattern: '/v[0-9]+$' } },
  },
  { fixes: list(fix, { minItems: 1, uniqueItems: true }) },
);
/** §3.14; the base that `uriBaseId` names may leave its place to the reader (§3.14.14). */
const run = object({
  tool: object({ driver: object({ name: text, semanticVersion: text, rules: list(rule, { uniqueItems: true }) }) }),
  columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
  originalUriBaseIds: object({ '%SRCROOT%': object({ description: message }) }),
  results: list(result),
});

/** §3.13. */
export const SARIF_SCHEMA = object({ $schema: absoluteUri, version: { const: '2.1.0' }, runs: list(run, { minItems: 1 }) });

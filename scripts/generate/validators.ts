import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { configSchema, configShape } from '../schemas/config.ts';
import { agentSchema, ensembleSchema } from '../schemas/files.ts';
import { CONFIG_KEYS } from '../schemas/operations.ts';

/** The annotations of schemas/vocabulary.ts, which Ajv must know in order not to take them for typing errors. */
const ANNOTATIONS = ['x-expected', 'x-left-to', 'x-needs', 'x-conflict'];

/**
 * The JSON Schemas that editors use, and the same compiled to plain JavaScript (Ajv compiles with `new Function`, which Workers forbid, and takes 30 ms and
 * 120 kB that no command should pay). Path from the root → text.
 */
export async function generateValidators(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['schemas/ensemble.schema.json', `${JSON.stringify(ensembleSchema, null, 2)}\n`],
    ['schemas/agent.schema.json', `${JSON.stringify(agentSchema, null, 2)}\n`],
    ['schemas/config.schema.json', `${JSON.stringify(configSchema, null, 2)}\n`],
    ['src/language/schema/validators.gen.js', await renderValidators()],
  ]);
}

/** One schema of both files, so that what they share is compiled once; every definition becomes one function (`inlineRefs: false`). */
async function renderValidators(): Promise<string> {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    messages: false,
    inlineRefs: false,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  for (const keyword of ANNOTATIONS) ajv.addKeyword({ keyword });
  const { definitions: shared, ...ensemble } = ensembleSchema;
  const { definitions: own, ...agent } = agentSchema;
  const definitions = { ...(own as object), ...(shared as object) };
  for (const root of [ensemble, agent]) Reflect.deleteProperty(root, '$schema');
  ajv.addSchema({ $id: 'files', definitions: withoutTexts({ ...definitions, ensemble, agent, config: configShape }) as object });
  const code = standalone.default(ajv, {
    validateEnsemble: 'files#/definitions/ensemble',
    validateAgent: 'files#/definitions/agent',
    validateConfig: 'files#/definitions/config',
  });
  // Ajv copies all errors so far for each mapping that brings more: with thousands of them that takes seconds.
  const joining = `${code.replaceAll('vErrors.concat(', 'joinErrors(vErrors, ')}
function joinErrors(errors, more) {
  for (const error of more) errors.push(error);
  return errors;
}`;
  if (/\brequire\(/.test(code)) throw new Error('the compiled schemas need a part of Ajv at run time: avoid the keyword that does');
  const { code: small } = await transform(`${joining}\nexport const CONFIG_KEYS = ${JSON.stringify(CONFIG_KEYS)};`, {
    format: 'esm',
    minify: true,
    target: 'es2022',
    charset: 'utf8',
  });
  return `// Made by npm run generate from scripts/schemas/. Do not edit.\n${small}`;
}

/** A schema without what only editors show. A property may be called `description`: its schema is an object, the annotation a text. */
function withoutTexts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutTexts);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => key !== 'examples' && key !== 'enumDescriptions' && !(key === 'description' && typeof value === 'string'),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTexts(value)]));
}

import { suggest } from '../../program/suggest.ts';
import { refuse } from './refused-request.ts';
import type { ApiCall, Parameters } from './routes/route.ts';

/** The query parameters of a route. Throws RefusedRequest (400) for one that the route does not have, that is given twice, or whose text is not what it takes. */
export function readQuery(parameters: Parameters, given: URLSearchParams): ApiCall['query'] {
  const values: Record<string, unknown> = {};
  for (const name of new Set(given.keys())) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined)
      return refuse('bad-request', `There is no query parameter ${quote(name)} here${help(name, Object.keys(parameters))}.`);
    const texts = given.getAll(name);
    if (texts.length > 1 && parameter.isList !== true) refuse('bad-request', `The query parameter "${name}" is given twice.`);
    const value = parameter.read(texts.join(','));
    if (value === undefined) {
      refuse('bad-request', `The query parameter "${name}" does not take ${quote(texts.join(','))}. ${parameter.description}`);
    }
    values[name] = value;
  }
  return values;
}

function help(name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return known.length === 0 ? '' : `; it has ${known.join(', ')}`;
}

const SHOWN = 60;

function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

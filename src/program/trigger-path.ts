import { API_PATH_PREFIX, HOST_PATH_PREFIX, PLATFORM_PATH_PREFIX } from './reserved-paths.ts';

/** The path of a trigger, part by part. `rest`: it ends in `*` and answers everything below as well. */
export interface TriggerPath {
  readonly parts: readonly PathPart[];
  readonly rest: boolean;
}

export type PathPart = { readonly type: 'text'; readonly text: string } | { readonly type: 'parameter'; readonly name: string };

/** Where what `*` stands for is found among the parameters. */
const REST_PARAMETER = '*';

const PARAMETER = /^:([A-Za-z_]\w*)$/;

/**
 * Reads the path of a trigger: parts between slashes, `:name` for any one part, `*` as the last part for all the rest. A slash at the end makes no difference; percent-encoding is resolved in
 * each part by itself, so that `%2F` never divides parts.
 */
export function parseTriggerPath(path: string): TriggerPath {
  const given = splitPath(path);
  const rest = given.at(-1) === '*';
  const parts = (rest ? given.slice(0, -1) : given).map((part): PathPart => {
    const name = PARAMETER.exec(part)?.[1];
    return name === undefined ? { type: 'text', text: decodePart(part) ?? part } : { type: 'parameter', name };
  });
  return { parts, rest };
}

/** The parameters of a request's path (as a URL has it) that the trigger answers; undefined when it does not, and when the path cannot be decoded. */
export function matchTriggerPath({ parts, rest }: TriggerPath, pathname: string): readonly (readonly [string, string])[] | undefined {
  const given = splitPath(pathname);
  if (rest ? given.length <= parts.length : given.length !== parts.length) return undefined;
  const parameters: (readonly [string, string])[] = [];
  for (const [index, part] of parts.entries()) {
    const text = decodePart(given[index] ?? '');
    if (text === undefined || (part.type === 'text' ? text !== part.text : text === '')) return undefined;
    if (part.type === 'parameter') parameters.push([part.name, text]);
  }
  if (!rest) return parameters;
  const left = decodePart(given.slice(parts.length).join('/'));
  return left === undefined ? undefined : [...parameters, [REST_PARAMETER, left]];
}

/** The same for two paths that answer the same requests: names of parameters make no difference. */
export function shapeOfPath({ parts, rest }: TriggerPath): string {
  return JSON.stringify([...parts.map((part) => (part.type === 'text' ? part.text : 0)), ...(rest ? [1] : [])]);
}

/** Sorts the path first that says more: part by part from the left, a text comes before a parameter and a parameter before `*`. Two of one shape are equal. */
export function comparePaths(a: TriggerPath, b: TriggerPath): number {
  for (let index = 0; ; index += 1) {
    const difference = rankAt(a, index) - rankAt(b, index);
    if (difference !== 0 || (index >= a.parts.length && index >= b.parts.length)) return difference;
  }
}

/** What no trigger can answer, because it is the API's, the host's or the platform's own; undefined when it is none of them. */
export function reservedPrefixOf(path: string): string | undefined {
  const plain = `/${splitPath(path)
    .map((part) => decodePart(part) ?? part)
    .join('/')}/`;
  return RESERVED.find((prefix) => plain.startsWith(prefix));
}

const RESERVED = [API_PATH_PREFIX, HOST_PATH_PREFIX, PLATFORM_PATH_PREFIX];

function rankAt({ parts, rest }: TriggerPath, index: number): number {
  const part = parts[index];
  if (part !== undefined) return part.type === 'text' ? 0 : 1;
  return rest ? 2 : 0;
}

/** Without the slashes at both ends. */
function splitPath(path: string): readonly string[] {
  const inner = path.replace(/^\//, '').replace(/\/$/, '');
  return inner === '' ? [] : inner.split('/');
}

/** Undefined where the percent-encoding is none. */
function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

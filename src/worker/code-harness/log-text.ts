const MAX_DEPTH = 6;

/** One line of a body's console: texts as they are, everything else as JSON-like text that shows what JSON would hide. */
export function renderLogLine(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : inspect(value, []))).join(' ');
}

function inspect(value: unknown, parents: readonly object[]): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name === '' ? '(anonymous)' : value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (parents.includes(value)) return '[circular]';
  if (value instanceof Error) return value.stack === undefined ? String(value) : firstLines(value.stack);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (parents.length >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  const inside = [...parents, value];
  if (Array.isArray(value)) return `[${Array.from(value, (item) => inspect(item, inside)).join(',')}]`;
  if (value instanceof Map)
    return `Map {${[...value].map(([key, item]) => `${inspect(key, inside)} => ${inspect(item, inside)}`).join(', ')}}`;
  if (value instanceof Set) return `Set {${[...value].map((item) => inspect(item, inside)).join(', ')}}`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${inspect(item, inside)}`)
    .join(',')}}`;
}

/** `TypeError: …` without the frames of the isolate's own machinery. */
function firstLines(stack: string): string {
  return stack.split('\n    at ', 1)[0] ?? stack;
}

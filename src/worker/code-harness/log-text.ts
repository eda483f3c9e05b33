const MAX_DEPTH = 6;
/** Of one list, map, set or object this many items are shown: a list of a million is no log line. */
const MAX_ITEMS = 1_000;

/** Where the text is going, and how many values may still be shown: a small value may repeat a large one a million times. */
interface Walk {
  readonly parents: readonly object[];
  readonly room: { left: number };
}

const MAX_VALUES = 100_000;

/** One line of a body's console: texts as they are, everything else as JSON-like text that shows what JSON would hide. */
export function renderLogLine(values: readonly unknown[]): string {
  const walk: Walk = { parents: [], room: { left: MAX_VALUES } };
  return values.map((value) => (typeof value === 'string' ? value : show(value, walk))).join(' ');
}

/** Logging breaks no body, whatever the value's own getters and traps do. */
function show(value: unknown, walk: Walk): string {
  try {
    return inspect(value, walk);
  } catch {
    return '[a value that cannot be read]';
  }
}

function inspect(value: unknown, { parents, room }: Walk): string {
  room.left -= 1;
  if (room.left < 0) return '…';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name === '' ? '(anonymous)' : value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (parents.includes(value)) return '[circular]';
  if (value instanceof Error) return value.stack === undefined ? String(value) : firstLines(String(value.stack));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (parents.length >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  const inside: Walk = { parents: [...parents, value], room };
  if (Array.isArray(value)) return `[${list(take(value, room), value.length, (item) => inspect(item, inside), ',')}]`;
  if (value instanceof Map)
    return `Map {${list(take(value, room), value.size, ([key, item]) => `${inspect(key, inside)} => ${inspect(item, inside)}`, ', ')}}`;
  if (value instanceof Set) return `Set {${list(take(value, room), value.size, (item) => inspect(item, inside), ', ')}}`;
  const fields = Object.entries(value);
  return `{${list(take(fields, room), fields.length, ([key, item]) => `${JSON.stringify(key)}:${inspect(item, inside)}`, ',')}}`;
}

/** The items that are shown; of a long list no more are even read. */
function take<Item>(items: Iterable<Item>, room: Walk['room']): readonly Item[] {
  const taken: Item[] = [];
  const most = Math.min(MAX_ITEMS, Math.max(room.left, 0));
  for (const item of items) {
    if (taken.length >= most) break;
    taken.push(item);
  }
  return taken;
}

function list<Item>(shown: readonly Item[], size: number, show: (item: Item) => string, separator: string): string {
  const texts = shown.map(show);
  if (size > shown.length) texts.push(`… ${size - shown.length} more`);
  return texts.join(separator);
}

/** `TypeError: …` without the frames of the isolate's own machinery. */
function firstLines(stack: string): string {
  return stack.split('\n    at ', 1)[0] ?? stack;
}

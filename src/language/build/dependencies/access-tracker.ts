import type { Access } from './access.ts';

/** More earlier steps than this are waited for through one of them: so that of ten thousand steps each waits for a few. */
const MAX_WAITS = 64;

interface Node {
  /** The last step that wrote all of this. */
  writer: number | undefined;
  /** The steps that have read all of this since. */
  readers: number[];
  readonly children: Map<string, Node>;
}

/**
 * Finds for each access the earlier steps that must be over before it: those that wrote what it reads, those that read or wrote what it writes. Steps that one of these has waited
 * for are left out. Accesses are told in the order of the steps.
 */
export class AccessTracker {
  readonly #root: Node = openNode();

  /** Adds the steps to wait for to `found`, and remembers the access of the step at `position`. */
  add({ path, mode }: Access, position: number, found: Set<number>): void {
    const waits = new Set<number>();
    let node = this.#root;
    for (const name of path) {
      collect(node, mode, waits);
      node = childOf(node, name);
    }
    const known = waits.size;
    const isWide = collectBelow(node, mode, waits) > MAX_WAITS || waits.size - known > MAX_WAITS || node.readers.length >= MAX_WAITS;
    if (mode === 'read' && !isWide) node.readers.push(position);
    else {
      // A read of very much passes for a write: whoever comes later then waits for it alone.
      if (mode === 'read') collectBelow(node, 'write', waits);
      node.writer = position;
      node.readers = [];
      node.children.clear();
    }
    for (const wait of waits) if (wait !== position) found.add(wait);
  }
}

function openNode(): Node {
  return { writer: undefined, readers: [], children: new Map() };
}

function childOf({ children }: Node, name: string): Node {
  const known = children.get(name);
  if (known !== undefined) return known;
  const child = openNode();
  children.set(name, child);
  return child;
}

function collect({ writer, readers }: Node, mode: Access['mode'], waits: Set<number>): void {
  if (writer !== undefined) waits.add(writer);
  if (mode === 'write') for (const reader of readers) waits.add(reader);
}

/** Of a node and all below it; gives how many these are. */
function collectBelow(node: Node, mode: Access['mode'], waits: Set<number>): number {
  collect(node, mode, waits);
  let count = 1;
  for (const child of node.children.values()) count += collectBelow(child, mode, waits);
  return count;
}

import type { GraphEdge } from './graph.ts';

/** Collects edges, each of one kind between two nodes once, in the order in which they are first met. */
export class Edges {
  readonly #edges = new Map<string, GraphEdge>();
  readonly #fields = new Map<string, Set<string>>();

  order(from: string, to: string, why?: string): void {
    this.#add({ kind: 'order', from, to, ...(why !== undefined && { why }) });
  }

  /** `field` is the first member that is read, such as `output`; undefined for the whole. Nothing reads itself. */
  data(from: string, to: string, field: string | undefined): void {
    if (from === to) return;
    const key = this.#add({ kind: 'data', from, to, fields: [] });
    if (field === undefined) return;
    const fields = this.#fields.get(key) ?? new Set();
    this.#fields.set(key, fields.add(field));
  }

  read(key: string, reader: string): void {
    this.#add({ kind: 'read', from: key, to: reader });
  }

  write(writer: string, key: string): void {
    this.#add({ kind: 'write', from: writer, to: key });
  }

  get all(): readonly GraphEdge[] {
    return [...this.#edges].map(([key, edge]) => (edge.kind === 'data' ? { ...edge, fields: [...(this.#fields.get(key) ?? [])] } : edge));
  }

  #add(edge: GraphEdge): string {
    const key = JSON.stringify([edge.kind, edge.from, edge.to]);
    if (!this.#edges.has(key)) this.#edges.set(key, edge);
    return key;
  }
}

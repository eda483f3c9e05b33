/** Gives each node of a graph an id of its own. */
export class NodeIds {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** The wanted id, with a number behind it where it is taken (`parallel`, `parallel~2`). */
  create(wanted: string): string {
    let count = this.#counts.get(wanted) ?? 1;
    let id = wanted;
    while (this.#taken.has(id)) {
      count += 1;
      id = `${wanted}~${count}`;
    }
    this.#counts.set(wanted, count);
    this.#taken.add(id);
    return id;
  }
}

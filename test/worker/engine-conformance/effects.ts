/** The outside of the cases: answers by what was asked before, and counts. Two runs with different `of` see two worlds. */
export class Effects {
  readonly #counts = new Map<string, number>();

  readonly answer = (request: Request): Response => {
    const url = new URL(request.url);
    const count = this.count(url.pathname, url.searchParams.get('of') ?? '') + 1;
    this.#counts.set(keyOf(url.pathname, url.searchParams.get('of') ?? ''), count);
    switch (url.pathname) {
      case '/twice-wrong':
      case '/flaky':
        return count < 3 ? Response.json({ no: count }, { status: 503 }) : Response.json({ ok: true });
      case '/always-wrong':
        return Response.json({ no: true }, { status: 500 });
      case '/bad-request':
        return Response.json({ no: true }, { status: 400 });
      default:
        return Response.json({ ok: true });
    }
  };

  count(path: string, of: string): number {
    return this.#counts.get(keyOf(path, of)) ?? 0;
  }

  /** All that was asked for by one run, in no order. */
  counts(of: string): Readonly<Record<string, number>> {
    const mine = [...this.#counts].filter(([key]) => key.endsWith(` ${of}`));
    return Object.fromEntries(mine.map(([key, count]) => [key.slice(0, -of.length - 1), count]));
  }
}

const keyOf = (path: string, of: string): string => `${path} ${of}`;

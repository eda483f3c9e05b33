/** Ids begin with the time, which those of one day share; their ends are chance. */
const SHORTEST = 8;

/** The ends of the ids, as long as it takes to tell them apart: what `findRun` takes. */
export function shortIds(ids: readonly string[]): readonly string[] {
  for (let length = SHORTEST; ; length += 1) {
    const short = ids.map((id) => id.slice(-length));
    if (new Set(short).size === new Set(ids).size || ids.every((id) => id.length <= length)) return short;
  }
}

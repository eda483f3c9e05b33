/**
 * Tells of a path of an event whether it is what a command line names, or lies in it: `fetch` names `fetch[3]` and `fetch/inner`, `outer/inner` names `outer[2]/inner`.
 * Positions in loops may be left out; those that are given count.
 */
export function createPathMatcher(named: string): (path: string) => boolean {
  return (path) => liesIn(path, named) || (path.includes('[') && liesIn(withoutPositions(path), named));
}

/** `outer[3]/inner[0]` is `outer/inner` in the program. */
export function withoutPositions(path: string): string {
  return path.replace(/\[\d+\]/g, '');
}

function liesIn(path: string, named: string): boolean {
  if (!path.startsWith(named)) return false;
  const next = path[named.length];
  return next === undefined || next === '/' || next === '[';
}

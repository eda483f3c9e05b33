/**
 * Something that a step reads or changes: a path of names, such as `['state', 'count']`. A shorter path is all that begins with it. Of two steps that access the same thing one
 * waits for the other, unless both only read it.
 */
export interface Access {
  readonly path: readonly string[];
  readonly mode: 'read' | 'write';
}

/** The result that is read by a name. */
export function resultPath(name: string): readonly string[] {
  return ['result', name];
}

/** A key of the body's state; without one all of them. */
export function statePath(key?: string): readonly string[] {
  return key === undefined ? ['state'] : ['state', key];
}

/** All that outlasts an agent: namespaces, databases, buckets, and the states of the files that agents run. */
export const STORAGE = 'storage';
/** In the place of a binding: the file does not say which one it is. */
export const ANY_BINDING = '*';

/** What a binding leads to; with a `scope` only the state that is kept there under that key. */
export function storagePath(kind: string, binding: string, scope?: string): readonly string[] {
  return scope === undefined ? [STORAGE, kind, binding] : [STORAGE, kind, binding, scope];
}

/**
 * Whether a file may be a version of `name` by where it lies: `x.yaml`, `x@1.2.0.yaml` and `x/1.2.0.yaml` may be one of `x`. Which it is stands in the file
 * alone.
 */
export function mayBeVersion(path: string, name: string): boolean {
  const parts = path.split('/');
  return parts.at(-2) === name || nameWithoutVersion(parts.at(-1) ?? '') === name;
}

/** `x` of `x.yaml` and of `x@1.2.0.yaml`. */
export function nameWithoutVersion(fileName: string): string {
  return fileName.replace(/\.ya?ml$/, '').replace(/@.*$/, '');
}

/**
 * The name by which ensembles run the agent file at a path: `x` of `agents/x.yaml`, `agents/x@1.2.0.yaml`, `agents/x/agent.yaml`, `agents/x/1.2.0.yaml` and
 * `agents/x/x@1.2.0.yaml`. Undefined for what else may lie there.
 */
export function agentNameOf(path: string): string | undefined {
  const [, folder, file] = /(?:^|\/)agents\/(?:([^/]+)\/)?([^/]+)\.ya?ml$/.exec(path) ?? [];
  if (file === undefined) return undefined;
  if (folder === undefined) return nameWithoutVersion(file);
  return file === 'agent' || nameWithoutVersion(file) === folder || /^v?\d/.test(file) ? folder : undefined;
}

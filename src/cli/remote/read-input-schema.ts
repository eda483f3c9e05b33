import { ReferenceProblem } from '../../node/reference-problem.ts';
import { RemoteHost } from '../../node/remote/remote-host.ts';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import { RemoteProblem } from '../../node/remote/remote-problem.ts';
import type { JsonSchema } from '../../program/json.ts';
import { suggest } from '../../program/suggest.ts';

/**
 * What a deployed ensemble says of its input. Undefined when it says nothing, and for a key that may only start runs: the Worker itself checks the input then.
 * @throws ReferenceProblem when there is no such ensemble, with the nearest name; RemoteProblem.
 */
export async function readInputSchema(id: string, target: RemoteTarget): Promise<JsonSchema | undefined> {
  const host = new RemoteHost(target);
  try {
    const found = await host.readEnsemble(id);
    if (found !== undefined) return found.input;
    const nearest = suggest(id, await host.listEnsembles());
    throw new ReferenceProblem(
      `there is no ensemble ${id} at ${target.origin}${nearest === undefined ? '' : `\nDid you mean ${nearest}?`}`,
    );
  } catch (error) {
    if (error instanceof RemoteProblem && error.status === 403) return undefined;
    throw error;
  } finally {
    await host.close();
  }
}

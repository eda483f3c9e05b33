import { Miniflare } from 'miniflare';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import { checkChainEnd } from './chain.ts';
import type { Subject } from './harness.ts';

/** Steps in a row that add their index; timed from the first to the last inside workerd, as a run's duration is. */
const WORKFLOW = `
import { WorkflowEntrypoint } from 'cloudflare:workers';
export class Steps extends WorkflowEntrypoint {
  async run(event, step) {
    const startedAt = Date.now();
    let n = event.payload.x;
    for (let index = 0; index < event.payload.count; index += 1) n = (await step.do('a' + index, async () => ({ n: n + index }))).n;
    return { n, ms: Date.now() - startedAt };
  }
}
export default { async fetch(request, env) {
  const count = Number(new URL(request.url).pathname.slice(1));
  const instance = await env.STEPS.create({ params: { count, x: 1 } });
  for (;;) {
    const { status, output, error } = await instance.status();
    if (status === 'complete') return Response.json(output);
    if (status === 'errored') return Response.json(error, { status: 500 });
    await scheduler.wait(20);
  }
} };`;

export interface BareWorkflow extends AsyncDisposable {
  /** Runs `count` steps; gives how long they took, ms. */
  run(count: number): Promise<number>;
  /** µs a step, over `repeats` instances. */
  subject(name: string, count: number, repeats: number): Subject;
}

/** Cloudflare's own Workflows emulator without Ensemble. `persist`: a folder for its data. */
export function openBareWorkflow(persist?: string): BareWorkflow {
  const miniflare = new Miniflare({
    modules: true,
    script: WORKFLOW,
    compatibilityDate: WORKER_COMPATIBILITY.date,
    workflows: { STEPS: { name: 'steps', className: 'Steps' } },
    ...(persist === undefined ? {} : { defaultPersistRoot: persist }),
  });
  const run = async (count: number): Promise<number> => {
    const response = await miniflare.dispatchFetch(`http://x/${count}`);
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    const { n, ms } = JSON.parse(text) as { readonly n: number; readonly ms: number };
    checkChainEnd(count, n);
    return ms;
  };
  return {
    run,
    subject: (name, count, repeats) => ({
      name,
      isPeer: true,
      measure: async () => {
        let ms = 0;
        for (let done = 0; done < repeats; done += 1) ms += await run(count);
        return (ms * 1_000) / repeats / count;
      },
    }),
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}

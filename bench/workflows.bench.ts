import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import type { Program } from '../src/program/program.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

/*
 * What an agent costs by what runs it: in the run's Durable Object, and as a step of Cloudflare's Workflows emulator; beside it a bare step of that.
 */

const COUNT = 200;

const program = (engine: string): Program =>
  programOf(
    `ensemble: bench\nengine: ${engine}\nagents:\n${Array.from(
      { length: COUNT },
      (_, index) => `  - { name: a${index}, operation: transform, config: { value: { n: "\${input.x + ${index}}" } } }\n`,
    ).join('')}`,
  );

/** The same steps without Ensemble, timed from the first to the last. */
const BARE = `
import { WorkflowEntrypoint } from 'cloudflare:workers';
export class Steps extends WorkflowEntrypoint {
  async run(event, step) {
    const startedAt = Date.now();
    for (let index = 0; index < event.payload.count; index += 1) await step.do('a' + index, async () => ({ n: event.payload.x + index }));
    return Date.now() - startedAt;
  }
}
export default { async fetch(request, env) {
  const instance = await env.STEPS.create({ params: { count: ${COUNT}, x: 1 } });
  for (;;) {
    const { status, output } = await instance.status();
    if (status === 'complete') return new Response(String(output));
    await scheduler.wait(20);
  }
} };`;

await build();
const host = await openRunHost();
const bare = new Miniflare({
  modules: true,
  script: BARE,
  compatibilityDate: WORKER_COMPATIBILITY.date,
  workflows: { STEPS: { name: 'steps', className: 'Steps' } },
});
const bareSteps: Subject = {
  name: 'bare steps of Workflows',
  measure: async () => (Number(await (await bare.dispatchFetch('http://x/')).text()) * 1_000) / COUNT,
};
try {
  const measured = (engine: string) =>
    microsecondsInWorkerd(`engine: ${engine}`, { host, program: program(engine), count: COUNT, repeats: 2 });
  await runBenchmark({
    name: 'workflows',
    unit: 'µs a step',
    rounds: 5,
    subjects: [measured('durable-object'), measured('workflows'), bareSteps],
    comparisons: [
      { subject: 'engine: workflows', against: 'engine: durable-object' },
      { subject: 'engine: workflows', against: bareSteps.name },
    ],
  });
} finally {
  await host.close();
  await bare.dispose();
}

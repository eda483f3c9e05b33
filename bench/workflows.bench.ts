import { build } from '../scripts/build.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { openBareWorkflow } from './bare-workflow.ts';
import { chainProgram } from './chain.ts';
import { runBenchmark, type Subject, sized } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

/*
 * What an agent costs by what runs it: in the run's Durable Object, and as a step of Cloudflare's Workflows emulator; beside it a bare step of that.
 */

const COUNT = sized(200, 5);

await build();
const host = await openRunHost();
await using bare = openBareWorkflow();
try {
  const measured = (engine: string): Subject =>
    microsecondsInWorkerd(`engine: ${engine}`, {
      host,
      program: chainProgram(COUNT, `engine: ${engine}\n`),
      count: COUNT,
      repeats: sized(2, 1),
    });
  const bareSteps = bare.subject('bare steps of Workflows', COUNT, sized(2, 1));
  await runBenchmark({
    name: 'workflows',
    unit: 'µs a step',
    about: `A run of ${COUNT} agents in a row under \`engine: durable-object\` and under \`engine: workflows\`, and bare steps of the Workflows emulator, on which the latter is built.`,
    caveats: ['The emulator is not what Cloudflare runs; how long a deployed step takes is not measured.'],
    rounds: 5,
    subjects: [measured('durable-object'), measured('workflows'), bareSteps],
    comparisons: [
      { subject: 'engine: workflows', against: 'engine: durable-object' },
      { subject: 'engine: workflows', against: bareSteps.name },
    ],
  });
} finally {
  await host.close();
}

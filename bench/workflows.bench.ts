import { build } from '../scripts/build.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { countingProgram, openBareWorkflow } from './bare-workflow.ts';
import { runBenchmark } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

/*
 * What an agent costs by what runs it: in the run's Durable Object, and as a step of Cloudflare's Workflows emulator; beside it a bare step of that.
 */

const COUNT = 200;

await build();
const host = await openRunHost();
await using bare = openBareWorkflow();
try {
  const measured = (engine: string) =>
    microsecondsInWorkerd(`engine: ${engine}`, {
      host,
      program: countingProgram(COUNT, `engine: ${engine}\n`),
      count: COUNT,
      repeats: 2,
    });
  const bareSteps = bare.subject('bare steps of Workflows', COUNT, 2);
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
}

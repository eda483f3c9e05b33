import { runBenchmark } from './harness.ts';
import { simulate, TRAFFICS } from './simulate-scale.ts';

/** Made at once, for the figures of one traffic come from one simulation. */
const loads = TRAFFICS.map((traffic) => {
  const load = simulate(traffic);
  if (load.doubled > 0) throw new Error(`${load.doubled} ids are there twice`);
  const objects = traffic.shards === 1 ? '1 object' : `${traffic.shards} objects`;
  return { name: `in ${traffic.seconds / 60} min, ${objects}`, load };
});

await runBenchmark({
  name: 'scale-simulation',
  unit: 'requests a second',
  about:
    'A million runs, started at chance within so many minutes, and how often they ask the busiest object of the index in its busiest second. Runs take two seconds on average, one in ten waits for about a minute.',
  caveats: ['Simulated, not timed: ids and their objects are those of the real Worker, times are drawn. The same on each machine.'],
  rounds: 0,
  subjects: loads.map(({ name, load }) => ({ name, measure: () => load.peaks[0]?.requests ?? Number.NaN })),
  comparisons: [],
});

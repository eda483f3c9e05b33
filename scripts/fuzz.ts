/*
 * Fuzzes expressions, and what is told of the origin of values in ensembles, on all cores: `npm run fuzz -- --seconds 3600 --seed 1`. What it finds goes to fuzz-failures.jsonl, one case a line, and makes the exit code 1.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Fault, runRounds } from '../test/fuzz/expressions/round.ts';

const FILE = 'fuzz-failures.jsonl';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 30)) },
    processes: { type: 'string', default: String(availableParallelism()) },
    worker: { type: 'string' },
  },
});
const [seconds, seed, processes] = [Number(values.seconds), Number(values.seed), Number(values.processes)];
if (![seconds, seed, processes].every(Number.isSafeInteger)) throw new Error('--seconds, --seed and --processes are whole numbers');

if (values.worker === undefined) await fuzzOnAllCores();
else {
  const rounds = await runRounds(seed + Number(values.worker), processes, Date.now() + seconds * 1_000, (fault) => process.send?.(fault));
  process.send?.(rounds);
  process.disconnect();
}

/** A process each: an expression that hangs or exhausts its memory takes no other with it. */
async function fuzzOnAllCores(): Promise<void> {
  console.log(`fuzzing for ${seconds} s from --seed ${seed} on, in ${processes} processes`);
  let [rounds, faults, crashes] = [0, 0, 0];
  const listen = (child: ChildProcess) =>
    new Promise<void>((resolve) => {
      child.on('message', (message: Fault | number) => {
        if (typeof message === 'number') rounds += message;
        else {
          faults++;
          appendFileSync(FILE, `${JSON.stringify(message)}\n`);
          console.log(`${message.problem}\n  ${JSON.stringify(message.text)} on ${JSON.stringify(message.data)} (seed ${message.seed})`);
        }
      });
      child.on('exit', (code) => {
        if (code !== 0) crashes++;
        resolve();
      });
    });
  const path = fileURLToPath(import.meta.url);
  await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      listen(fork(path, ['--seconds', `${seconds}`, '--seed', `${seed}`, '--processes', `${processes}`, '--worker', `${index}`])),
    ),
  );
  console.log(`${rounds} rounds, ${faults} faults${faults === 0 ? '' : ` (see ${FILE})`}, ${crashes} processes that ended early`);
  process.exitCode = faults + crashes === 0 ? 0 : 1;
}

import { chainProgram, checkChainEnd } from './chain.ts';
import { isSmoke, runBenchmark, type Subject } from './harness.ts';
import { microsecondsEach, runInMemory } from './in-memory.ts';
import { type EnginePeer, loadPeer } from './peer.ts';

/*
 * What a step costs that only adds a number to the state, in one process and with nothing kept: agents of ours, nodes, steps and tasks of others, and a bare loop.
 */

const SIZES = isSmoke ? [10] : [10, 100, 1_000, 10_000];
const LARGE = isSmoke ? 10 : 1_000;
const OURS = 'Ensemble';
const LOOP = 'bare async loop';
const named = (name: string, count: number): string => `${name}, ${count.toLocaleString('en')} agents`;

/** What no engine can do without: an async function an agent, an expression, a result by name and two events. */
async function bareLoop(count: number): Promise<number> {
  const results = new Map<string, { readonly output: { readonly n: number } }>();
  const events: object[] = [];
  const run = async (index: number): Promise<void> => {
    events.push({ seq: events.length, at: Date.now(), type: 'agent.started', agent: `a${index}` });
    const output = { n: (results.get(`a${index - 1}`)?.output.n ?? 1) + index };
    results.set(`a${index}`, { output });
    events.push({ seq: events.length, at: Date.now(), type: 'agent.finished', agent: `a${index}`, output });
  };
  for (let index = 0; index < count; index += 1) await run(index);
  return results.get(`a${count - 1}`)?.output.n ?? Number.NaN;
}

function chainSubject(name: string, count: number, run: () => Promise<unknown>, inAll?: number): Subject {
  return microsecondsEach(named(name, count), count, async () => checkChainEnd(count, await run()), inAll);
}

/** The chain is built at its first round: one that is too long for an engine fails there, as a result. */
function peerSubject({ name, build, stepsOfRound }: EnginePeer, count: number): Subject {
  let run: ((n: number) => Promise<number>) | undefined;
  const lazily = (): Promise<number> => {
    run ??= build(count);
    return run(1);
  };
  return { ...chainSubject(name, count, lazily, stepsOfRound), isPeer: true };
}

const peers = isSmoke ? [] : await Promise.all(['langgraph', 'mastra', 'step-functions'].map((name) => loadPeer<EnginePeer>(name)));

await runBenchmark({
  name: 'engine',
  unit: 'µs an agent',
  about:
    'A run in memory of 10 to 10,000 agents in a row, of which each adds a number to what the one before it gave, from its start to its result, divided by the agents. Building the workflow (parsing, compiling) is not in it. The sum is checked after each run.',
  caveats: [
    'LangGraph: each node is a superstep that reads and writes versioned channels, with callbacks and streaming prepared, and yields to the event loop; much of that is for graphs with cycles and for fan-out, which a row does not use.',
    'Mastra validates input and output of each step with its schema (ours has none here), prepares hooks, tracing spans and a snapshot for each step, though nothing is stored.',
    'Step Functions local runs the handler of a Task with the paths, the context object and the event log of its language; it evaluates no expression: the handler is JavaScript, as the steps of LangGraph and Mastra are, while an agent of ours evaluates `${a.output.n + 1}`.',
    'Ours makes its events and hands them to a journal that forgets them; with a journal that keeps them see [durable](#durable).',
    'Real steps take milliseconds and more: where they do, none of this matters. Not measured here: branches, loops (see [flow](#flow)), state, retries.',
  ],
  rounds: 7,
  subjects: SIZES.flatMap((count): readonly Subject[] => {
    const program = chainProgram(count);
    return [
      chainSubject(LOOP, count, () => bareLoop(count)),
      { ...chainSubject(OURS, count, () => runInMemory(program)), target: '≤ 10' },
      ...peers.map((peer) => peerSubject(peer, count)),
    ];
  }),
  comparisons: [
    { subject: named(OURS, LARGE), against: named(LOOP, LARGE) },
    ...(isSmoke ? [] : [{ subject: named(OURS, 10_000), against: named(OURS, 10), target: '≤ 1.5' }]),
    ...peers.flatMap(({ name }) => SIZES.map((count) => ({ subject: named(name, count), against: named(OURS, count) }))),
  ],
});

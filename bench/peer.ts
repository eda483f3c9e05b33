/** An expression language. */
export interface ExpressionPeer {
  readonly name: string;
  /** Whether an evaluation gives a promise. */
  readonly isAsync: boolean;
  /** What it is to evaluate for a case of expressions.bench.ts. */
  readonly texts: Readonly<Record<string, string>>;
  /** Parses, and compiles if it can; what comes back evaluates with `{ input }`. */
  compile(text: string): (context: { readonly input: unknown }) => unknown;
}

/** A workflow engine that runs in this process. */
export interface EnginePeer {
  readonly name: string;
  /** Steps that are run in a round, over several runs: enough for a clock, not more than a few seconds. */
  readonly stepsOfRound: number;
  /** Builds a chain of `count` steps of which each adds its index to `n`. What comes back runs it and gives the last `n`. */
  build(count: number): (n: number) => Promise<number>;
}

/** A workflow engine that keeps each step. */
export interface DurablePeer {
  readonly name: string;
  /** Its data goes into `folder`. Undefined when nothing on this machine can run it. */
  open(folder: string): Promise<OpenDurablePeer | undefined>;
}

export interface OpenDurablePeer extends AsyncDisposable {
  /** The version of the Node that runs it. */
  readonly node: string;
  /** Runs a chain of `count` steps from 1 on; gives the last `n`, and how long the run took. */
  run(count: number): Promise<{ readonly n: number; readonly ms: number }>;
}

/**
 * What `bench/peers/<name>.ts` exports as `peer`. Those files alone import the packages of bench/package.json, which are not there unless `npm run bench` has installed them: the compiler of the
 * repository does not follow this import, `npm run typecheck` in bench/ checks what is behind it.
 */
export async function loadPeer<Peer>(name: string): Promise<Peer> {
  const module = (await import(`./peers/${name}.ts`)) as { readonly peer: Peer };
  return module.peer;
}

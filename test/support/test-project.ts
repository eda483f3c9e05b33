import { compile } from '../../src/language/compile.ts';
import { findProject } from '../../src/node/find-project.ts';
import { openLocalHost } from '../../src/node/local-host.ts';
import { openProjectIndex } from '../../src/node/project/project-index.ts';
import type { Diagnostic } from '../../src/program/diagnostic.ts';
import type { JsonValue } from '../../src/program/json.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { createRunId } from '../../src/program/run-id.ts';
import { writeProject } from './written-project.ts';

type Finished = Extract<RunEvent, { type: 'run.finished' }>;

export interface TestRun {
  readonly events: readonly RunEvent[];
  readonly finished: Finished;
  readonly warnings: readonly Diagnostic[];
}

export interface RunOptions {
  readonly input?: JsonValue;
  readonly trigger?: JsonValue;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secretVars?: readonly string[];
}

export interface TestProject extends AsyncDisposable {
  readonly root: string;
  /** Compiles `text` as if it stood at `path` (relative to the project) and runs it in workerd. Throws when there are errors in it. */
  runText(path: string, text: string, options?: RunOptions): Promise<TestRun>;
}

/** A project in a temporary folder with a real host: emulated KV (`KV`), D1 (`DB`), R2 (`BUCKET`) and Durable Objects, its data on disk. */
export async function openTestProject(options: {
  /** Relative path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Answers every outgoing request. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
}): Promise<TestProject> {
  const written = writeProject(options.files ?? {});
  const { root } = written;
  const host = await openLocalHost({ project: findProject(root), ...(options.outbound ? { outbound: options.outbound } : {}) });
  const index = openProjectIndex(root);
  return {
    root,
    async runText(path, text, { input = {}, trigger, vars = {}, secretVars = [] } = {}) {
      const { program, diagnostics } = compile({ path, text }, index);
      if (!program)
        throw new Error(
          diagnostics.map(({ span, code, message }) => `${span.file}:${span.line}:${span.column} ${code}: ${message}`).join('\n'),
        );
      const events: RunEvent[] = [];
      const request = { run: createRunId(Date.now()), input, vars, secretVars, ...(trigger === undefined ? {} : { trigger }) };
      for await (const event of host.run(program, request)) events.push(event);
      const finished = events.at(-1);
      if (finished?.type !== 'run.finished') throw new Error(`the run ended with ${finished?.type}`);
      return { events, finished, warnings: diagnostics };
    },
    async [Symbol.asyncDispose]() {
      await host.close();
      written[Symbol.dispose]();
    },
  };
}

import type { CodeBody } from '../../../src/language/code/code-body.ts';

interface Context {
  readonly input?: unknown;
  readonly state?: unknown;
  readonly env?: unknown;
  readonly holes?: readonly unknown[];
  readonly agents?: Readonly<Record<string, unknown>>;
  setState?(fields: object): void;
}

/** Loads the module of a code body as the engine's isolate does and calls it. */
export async function runModule(body: Pick<CodeBody, 'source'>, context: Context = {}): Promise<unknown> {
  const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(body.source)}`;
  const module = await import(/* @vite-ignore */ url);
  return module.default({
    input: {},
    state: {},
    env: {},
    holes: [],
    agents: {},
    setState: () => {},
    console,
    signal: undefined,
    text: renderText,
    ...context,
  });
}

/** LANGUAGE §3: strings as they are, numbers and booleans by `String()`, null and undefined as nothing, the rest as JSON. */
function renderText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The text of code-harness/harness.ts with all that it imports, put in place by scripts/build.ts. */
declare module 'ensemble:code-harness' {
  export const CODE_HARNESS: string;
}

/** The slice that the harness uses; the isolate has it through the compatibility flag `nodejs_als`. */
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<Store> {
    run<Result>(store: Store, call: () => Result): Result;
    getStore(): Store | undefined;
  }
}

import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

/** Files that only call functions: sharing their modules between them saves a third of their time. Whatever starts a process or a server, or sets variables, stays apart. */
const PURE = ['test/{language,program,runtime}/**/*.test.ts'];

const shared = {
  // A test that wants the host process which commands share says so (test/support/run-cli.ts), and stops it.
  env: { ENSEMBLE_NO_HOST: '1' },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Processes are waited for: how long they take says nothing.
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts'],
    reporters: ['default', new ClosingLine()],
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'pure', include: PURE, isolate: false } },
      { test: { ...shared, name: 'whole', include: ['test/**/*.test.ts'], exclude: PURE } },
    ],
  },
});

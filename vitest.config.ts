import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A test that wants the host process which commands share says so (test/support/run-cli.ts), and stops it.
    env: { ENSEMBLE_NO_HOST: '1' },
    globalSetup: ['test/support/build-once.ts'],
    reporters: ['default', new ClosingLine()],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Processes are waited for: how long they take says nothing.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});

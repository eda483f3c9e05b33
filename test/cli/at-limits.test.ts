import { describe, expect } from 'vitest';
import { atLimit } from '../support/at-limit.ts';
import { runMain } from './support/run-main.ts';

describe('the port of "dev"', () => {
  // With --help what is given is read, and nothing is served.
  const served = (port: number) => runMain(['dev', '--port', String(port), '--help']);
  atLimit('src/cli/commands/dev.ts MAX_PORT', {
    within: async (port) => expect(await served(port)).toMatchObject({ code: 0, stderr: '' }),
    beyond: async (port) =>
      expect(await served(port)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--port is a number from 0 to ${port - 1}, not "${port}"`),
      }),
  });
});

import { expect, test } from 'vitest';
import { runtimeText } from '../../../src/node/dev/runtime-text.ts';

test('a caller who goes away, and addresses in the runtime’s own program, are not worth showing', () => {
  const gone =
    'workerd/server/server.c++:6090: error: kj::getCaughtExceptionAsKj() = kj/async-io-unix.c++:186: disconnected: ::write(fd, buffer.begin(), buffer.size()): Broken pipe';
  expect(runtimeText(gone)).toBeUndefined();
  expect(runtimeText('stack: /project/node_modules/workerd/bin/workerd@5400a58 /project/bin/workerd@5401911')).toBeUndefined();
});

test.each(['stack: of plates', 'the server disconnected: try again', 'workerd/server/server.c++:1: error: Uncaught Error: no'])(
  'what the Worker and the runtime say otherwise is: %s',
  (line) => {
    expect(runtimeText(line)).toBe(line);
  },
);

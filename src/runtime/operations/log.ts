import { Config } from './config.ts';
import type { Operation } from './operation.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** LANGUAGE §5 `log`: writes one line to the run's log; anything but a text is written as JSON. It has no output. */
export const log: Operation = {
  name: 'log',
  effect: false,
  taints: false,
  run(given, context) {
    const config = new Config('log', given, ['message', 'level']);
    const message = config.raw('message');
    const text = typeof message === 'string' ? message : message === undefined ? '' : JSON.stringify(message);
    context.log(config.oneOf('level', LEVELS) ?? 'info', text);
    return { output: undefined };
  },
};

import { Environment } from '@marcbachmann/cel-js';
import type { ExpressionPeer } from '../peer.ts';

const environment = new Environment({ unlistedVariablesAreDyn: true });

export const peer: ExpressionPeer = {
  name: 'cel-js',
  isAsync: false,
  texts: {
    condition: 'input.a + input.b * input.c > input.d && input.e == "f"',
    default: 'has(input.missing) ? input.missing : input.a',
    text: '"Order of " + input.e + ": " + string(input.a * input.b) + " (" + string(size(input.items)) + " items)"',
    list: 'input.items.filter(item, item.price > input.d).map(item, item.name)',
  },
  compile: (text) => environment.parse(text),
};

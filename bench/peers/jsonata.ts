import jsonata from 'jsonata';
import type { ExpressionPeer } from '../peer.ts';

export const peer: ExpressionPeer = {
  name: 'JSONata',
  isAsync: true,
  texts: {
    condition: 'input.a + input.b * input.c > input.d and input.e = "f"',
    default: '$exists(input.missing) ? input.missing : input.a',
    text: '"Order of " & input.e & ": " & $string(input.a * input.b) & " (" & $count(input.items) & " items)"',
    // Brackets make a list of one match, or of none.
    list: '($d := input.d; [input.items[price > $d].name])',
  },
  compile: (text) => {
    const expression = jsonata(text);
    return (context) => expression.evaluate(context);
  },
};

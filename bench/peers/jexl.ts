import jexl from 'jexl';
import type { ExpressionPeer } from '../peer.ts';

const engine = new jexl.Jexl();
engine.addTransform('length', (value: { length: number }) => value.length);
engine.addTransform('names', (items: readonly { name: string }[]) => items.map((item) => item.name));

export const peer: ExpressionPeer = {
  name: 'Jexl',
  isAsync: false,
  texts: {
    condition: 'input.a + input.b * input.c > input.d && input.e == "f"',
    default: 'input.missing || input.a',
    text: '"Order of " + input.e + ": " + (input.a * input.b) + " (" + (input.items|length) + " items)"',
    list: 'input.items[.price > input.d]|names',
  },
  compile: (text) => {
    const expression = engine.compile(text);
    return (context) => expression.evalSync(context);
  },
};

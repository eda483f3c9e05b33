import type { Expression } from '../../program/expression.ts';
import { Fields } from '../model/fields.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { ValuePart } from '../types/typed-values.ts';
import type { Check } from './check.ts';
import { liveNodes } from './types/live-nodes.ts';

const CONDITIONS: ReadonlySet<ValuePart> = new Set<ValuePart>(['condition', 'when', 'loop-end']);

/**
 * The output of an http agent is the body of the answer (LANGUAGE §5); its status and headers are in `.response`. A body may well have a field called
 * `status`, so only uses are looked at that fit a status of HTTP: a condition as a whole, and a comparison with a number from 100 to 599.
 */
export const httpStatusInOutput: Check = {
  codes: ['http-status-in-output'],
  check(body, findings, { types }) {
    const agents = plainHttpAgents(body);
    if (agents.size === 0) return;
    for (const typed of types.holes) {
      const report = (node: Expression, field: string): void => {
        const name = agentRead(node, field, agents);
        const span = name === undefined ? undefined : (typed.places?.nameSpanOf(node) ?? typed.places?.spanOf(node));
        if (name === undefined || span === undefined) return;
        findings.report(
          'http-status-in-output',
          span,
          `the output of "${name}" is the body of the answer, which hardly has a \`${field}\` of HTTP`,
          {
            help: `write \`${name}.response.${field}\`; with \`response: full\` the output has it`,
          },
        );
      };
      if (CONDITIONS.has(typed.part)) report(withoutNot(typed.hole.expression), 'status');
      for (const node of liveNodes(typed)) {
        if (node.type === 'binary' && (isStatus(node.left) || isStatus(node.right)))
          for (const side of [node.left, node.right]) report(side, 'status');
        // A header is read by its name, of which a body's own field of that name would have none.
        if (node.type === 'member' && HEADER.test(node.property)) report(node.object, 'headers');
      }
    }
  },
};

const HEADER = /^(?:content-[a-z]+|x-[a-z-]+|retry-after|etag|location|set-cookie|cache-control|last-modified|www-authenticate)$/i;

function plainHttpAgents({ agents }: ParsedBody): ReadonlySet<string> {
  const plain = agents.filter(({ model: { work, config, outputSchema } }) => {
    if (work.type !== 'operation' || work.operation.text !== 'http' || outputSchema !== undefined) return false;
    return config === undefined || (config.kind === 'mapping' && new Fields(config).entry('response') === undefined);
  });
  return new Set(plain.map(({ model }) => model.name.text));
}

/** The agent whose `output.<field>` a node reads. */
function agentRead(node: Expression, field: string, agents: ReadonlySet<string>): string | undefined {
  const member = node.type === 'chain' ? node.expression : node;
  if (member.type !== 'member' || member.property !== field) return undefined;
  const output = member.object.type === 'chain' ? member.object.expression : member.object;
  if (output.type !== 'member' || output.property !== 'output' || output.object.type !== 'agent') return undefined;
  return agents.has(output.object.name) ? output.object.name : undefined;
}

function withoutNot(node: Expression): Expression {
  return node.type === 'unary' && node.operator === '!' ? withoutNot(node.operand) : node;
}

function isStatus(node: Expression): boolean {
  return node.type === 'literal' && typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= 100 && node.value < 600;
}

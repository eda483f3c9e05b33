import type { Span } from '../../program/diagnostic.ts';
import { limitReads, openingReads, type ParsedBody } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import { agentAt, type Place, pathTo } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';
import { type OrderedRead, orderedReads } from './flow/read-orders.ts';

/**
 * Steps run in listed order: one can read what stands before it, and itself only in `state.set`, which is evaluated after it. Of a `parallel` the steps run side by
 * side, of a `branch` or `switch` only some. The iterations of a loop do not see each other; only the rounds of a `while` see what those before them did.
 */
export const agentReadBeforeRun: Check = {
  codes: ['agent-read-before-run'],
  check(body, findings) {
    const report = (span: Span, message: string, help: string): void => findings.report('agent-read-before-run', span, message, { help });
    for (const ordered of orderedReads(body)) {
      const wording = describe(ordered, body);
      if (wording !== undefined) report(ordered.read.span, wording.message, wording.help);
    }
    const early = (reads: readonly Read[], when: string, help: string): void => {
      for (const { kind, name, span } of reads) if (kind === 'agent') report(span, `"${name}" has not run when ${when}`, help);
    };
    early(
      openingReads(body),
      'the state is opened',
      'the key and the initial values of the state are read before the first agent: use `input` or `env`',
    );
    early(limitReads(body), 'the limits are set', 'limits are worked out before the first agent: use `input`, `state` or `env`');
    early(
      body.triggers.flatMap(({ reads }) => reads),
      'a trigger starts the run',
      'triggers are read before any run: use `env`',
    );
  },
};

function describe(
  { read, site, order }: OrderedRead,
  { model }: ParsedBody,
): { readonly message: string; readonly help: string } | undefined {
  const name = `"${read.name}"`;
  const reader = site === undefined ? 'the output' : describeStep(site.place.step);
  switch (order.type) {
    case 'known':
    case 'maybe':
      return undefined;
    case 'own':
      return site !== undefined && agentAt(site.place)?.name.text === read.name
        ? { message: `${name} reads its own result before it has one`, help: isIterated(site.place) ? ITERATIONS : AFTER_IT }
        : {
            message: `${reader} reads ${name}, which is not done: it runs inside of it`,
            help: 'a step has its output when all that it holds is done',
          };
    case 'later':
      return { message: `${reader} reads ${name}, which runs after it`, help: laterHelp(order, model) };
    case 'inside':
      return {
        message: `${reader} reads ${name}, which runs inside of it`,
        help: 'what a step asks for is evaluated before the steps that it holds',
      };
    case 'beside':
      return {
        message: `${reader} reads ${name}, which runs at the same time`,
        help: `the steps of a \`parallel\` run side by side: read ${name} in a step after it`,
      };
    case 'instead':
      return {
        message: `${reader} reads ${name}, which does not run when it does`,
        help: 'of the two only one runs: read it after the step that holds both',
      };
    case 'undoing':
      return {
        message: `${reader} reads ${name}, which runs only when the run has failed or was cancelled`,
        help: '`compensate` undoes what an agent did; nothing can read its result',
      };
    case 'never':
      return { message: `${reader} reads ${name}, which \`flow\` never runs under this name`, help: neverHelp(read.name, model) };
  }
}

const AFTER_IT = 'only `state.set` is evaluated after the agent has run';
const ITERATIONS = 'an iteration does not see the results of others: keep what the next one needs in the state';

/** Whether what stands at a place runs once for each item of a list. */
function isIterated(place: Place): boolean {
  return pathTo(place).some(
    (around) => agentAt(around)?.loop !== undefined || around.within?.place.step.type === 'foreach' || around.within?.block.kind === 'map',
  );
}

function laterHelp({ swap }: Extract<OrderedRead['order'], { type: 'later' }>, { flow }: ParsedBody['model']): string {
  if (swap === undefined) return 'read it in a step that runs after it';
  const order = flow === undefined ? 'agents run in the order in which they are listed' : '`flow` tells the order in which agents run';
  return `${order}: move ${describeStep(swap.target)} before ${describeStep(swap.reader)}`;
}

function neverHelp(name: string, { flow = [] }: ParsedBody['model']): string {
  const ids = flow.flatMap((step) =>
    step.type === 'run' && step.reference.text === name && step.id !== undefined ? [`"${step.id.text}"`] : [],
  );
  return ids.length === 0
    ? `add it to the flow: \`- agent: ${name}\``
    : `its results have the name of its \`id\`: ${ids.slice(0, 3).join(', ')}`;
}

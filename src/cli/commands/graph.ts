import { Option } from 'commander';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
A thick arrow says that a step comes next and reads what the one before left behind, a thin one that it comes
next, a broken one that it reads a value from elsewhere or touches the state. Steps in a frame belong to the
flow step or the agent file that the frame is. The file may have errors: it is drawn as far as it can be read.

Examples:
  $ ensemble graph document-processor
  $ ensemble graph ensembles/catalog-sync.yaml --format svg > catalog-sync.svg
  $ ensemble graph agents/word-count/agent.yaml --format dot | dot -Tpng > word-count.png
  $ ensemble graph catalog-sync --format json | jq -r '.edges[] | select(.kind == "write").to'

Exit codes:
  0 done · 1 the file has errors: something may be missing in the drawing · 2 bad command line
`;

/** `ensemble graph FILE`. */
export const defineGraph: DefineCommand = (program, { io, exit }) => {
  program
    .command('graph')
    .summary('draw the agents of a file, their flow and their state')
    .showHelpAfterError('Run ensemble graph --help to see what it takes.')
    .description(
      'Draws an ensemble or agent file: its agents and steps, their order, what they read of each other, and the state. Runs nothing.',
    )
    .argument('<file>', 'an ensemble or agent file, or the name of an ensemble under ensembles/')
    .addOption(new Option('--format <name>', 'how it is written').choices(['mermaid', 'dot', 'json', 'svg']).default('mermaid'))
    .addHelpText('after', EXAMPLES)
    .action(async (file, { format }) => {
      const { drawGraph } = await import('../graph/draw-graph.ts');
      exit(await drawGraph(file, format, io));
    });
};

import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMANDS, commandsOf } from '../../src/cli/commands/index.ts';

const namesOf = (defines: typeof COMMANDS) => {
  const program = new Command();
  for (const define of defines) define(program, {} as never);
  return program.commands.map((command) => command.name());
};

describe('the commands that a command line needs', () => {
  test('a name at its beginning means that command alone, whichever it is', () => {
    for (const name of namesOf(COMMANDS)) expect(namesOf(commandsOf([name, 'run', '--help']))).toEqual([name]);
  });

  test.each([[[]], [['help', 'run']], [['--help']], [['--no-host', 'run']], [['rum']], [['toString']]])('%j means all', (argv) => {
    expect(commandsOf(argv)).toBe(COMMANDS);
  });
});

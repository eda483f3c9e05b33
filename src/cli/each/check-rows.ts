import type { JsonObject } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { readRows } from './read-rows.ts';
import { type EarlierResults, takeOne } from './results-file.ts';
import { checkRow } from './row-input.ts';
import type { RowSource } from './row-source.ts';
import { failureLines } from './show-summary.ts';
import { Tally } from './tally.ts';
import { count, rows } from './words.ts';

/** `--dry-run`: checks the input of every row and says how many would run. Exits with 2 when some cannot. */
export async function checkRows(
  source: RowSource,
  defaults: JsonObject,
  program: Program,
  { done, waiting }: Pick<EarlierResults, 'done' | 'waiting'>,
  { json }: { readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const tally = new Tally(undefined, io.now());
  const waits = new Map<string, number>();
  for (const key of waiting.values()) waits.set(key, (waits.get(key) ?? 0) + 1);
  for await (const row of readRows(source.open())) {
    const checked = checkRow(row, defaults, program);
    if ('problem' in checked) {
      tally.add({ line: checked.line, status: 'failed', failure: { code: 'INPUT_INVALID', message: checked.problem, retryable: false } });
    } else if (takeOne(done, checked.key)) tally.skipped += 1;
    else if (takeOne(waits, checked.key)) tally.add({ line: checked.line, status: 'waiting' });
    else tally.add({ line: checked.line, status: 'succeeded' });
  }
  const { succeeded, failed, waiting: looked } = tally.ended;
  if (json === true) {
    const problems = tally.failures.map(({ line, message }) => ({ line, message }));
    printJson(
      { ensemble: program.ensemble, would_run: succeeded, done_before: tally.skipped, waiting: looked, broken: failed, problems },
      io,
    );
  } else {
    const lines = failureLines(tally.failures, failed, io);
    if (lines.length > 0) io.stderr.write(`${lines.join('\n')}\n`);
    const facts = [
      ...(tally.skipped === 0 ? [] : [`${count(tally.skipped)} done before`]),
      ...(looked === 0 ? [] : [`${count(looked)} waiting`]),
      ...(failed === 0 ? [] : [`${count(failed)} broken`]),
    ];
    io.stdout.write(`${[`${rows(succeeded)} would run`, ...facts].join(' · ')}\nNothing was run.\n`);
  }
  return failed > 0 ? EXIT.badCommandLine : EXIT.done;
}

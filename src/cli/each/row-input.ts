import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { checkGiven, isObject, readGiven } from '../run/read-input.ts';
import { UsageProblem } from '../usage-problem.ts';
import type { Row } from './read-rows.ts';
import { rowKey } from './row-result.ts';

/** A row as the ensemble takes it: its input, or why it cannot be run. */
export type CheckedRow = { readonly line: number; readonly key: string } & ({ readonly input: JsonValue } | { readonly problem: string });

/**
 * What the command line gives to every row: `--input` with the `key=value` pairs over it.
 * @throws UsageProblem
 */
export async function readDefaults(option: string | undefined, pairs: readonly string[], program: Program, io: Io): Promise<JsonObject> {
  const given = (await readGiven(option, pairs, program.body.input, io)) ?? {};
  if (!isObject(given)) throw new UsageProblem('--each needs an --input that is an object: the rows are laid over it');
  return given;
}

/** Lays a row over the defaults and checks the whole as the input of a run. */
export function checkRow(row: Row, defaults: JsonObject, program: Program): CheckedRow {
  const { line } = row;
  if ('problem' in row) return { line, key: rowKey(program.ensemble, row.text), problem: row.problem };
  const given = { ...defaults, ...row.fields };
  const checked = checkGiven(given, program.body.input);
  if ('value' in checked) return { line, key: rowKey(program.ensemble, checked.value), input: checked.value };
  return { line, key: rowKey(program.ensemble, row.text), problem: [checked.problem, checked.fields.join('; ')].join(' ').trim() };
}

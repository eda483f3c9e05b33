import { hashProgram } from '../program/hash.ts';
import type { Program } from '../program/program.ts';

const MAX_PROGRAMS = 32;
const programs = new Map<string, Program>();

/**
 * The program under its hash. A run of a program that ran here before gets the very same object, whose expressions are compiled already; the oldest
 * are forgotten.
 */
export async function shareProgram(program: Program): Promise<{ readonly program: Program; readonly hash: string }> {
  const hash = await hashProgram(program);
  const known = programs.get(hash) ?? program;
  programs.delete(hash);
  programs.set(hash, known);
  const [oldest] = programs.keys();
  if (programs.size > MAX_PROGRAMS && oldest !== undefined) programs.delete(oldest);
  return { program: known, hash };
}

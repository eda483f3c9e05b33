import { sha256 } from '../../program/hash.ts';

/** The platform's bounds of a step's name, and of the type of an event: letters, digits, `-` and `_`. */
const MAX_NAME = 256;
const MAX_TYPE = 100;

/** What a step of the platform is called: as readable as can be, and no two the same. `again`: from 1, for a start that needs several of the platform's. */
export async function stepName(start: string, again = 1): Promise<string> {
  const name = again === 1 ? start : `${start}, continued ${again}`;
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 40)}… ${(await sha256(name)).slice(0, 32)}`;
}

/** The type of the event that the wait of this name hears of. Different names have different types, whatever characters are in them. */
export async function eventType(name: string): Promise<string> {
  const readable = name.replace(/[^a-zA-Z0-9_-]/g, '-').slice(0, MAX_TYPE - 40);
  return `wait-${readable}-${(await sha256(name)).slice(0, 32)}`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../node/package-root.ts';
import { suggest } from '../../program/suggest.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { SCHEMAS } from './schemas.ts';

/**
 * `ensemble schema`: the schema on stdout, byte for byte as it lies in the package.
 * @throws UsageProblem for a name that none has.
 */
export function printSchema(name: string, io: Io): void {
  if (!Object.hasOwn(SCHEMAS, name)) {
    const names = Object.keys(SCHEMAS);
    const near = suggest(name, names);
    throw new UsageProblem(
      `there is no schema "${name}"; there are ${names.join(', ')}${near === undefined ? '' : `\nDid you mean ${near}?`}`,
    );
  }
  io.stdout.write(readFileSync(join(packageRoot(), 'schemas', `${name}.schema.json`), 'utf8'));
}

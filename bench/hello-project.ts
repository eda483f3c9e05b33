import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a project with two ensembles that greet `input.name`, `hello` by a transform and `code` by a code agent, and gives its folder. */
export function writeHelloProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
  mkdirSync(join(folder, 'ensembles'));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(
    join(folder, 'ensembles/hello.yaml'),
    'ensemble: hello\nagents:\n  - name: greet\n    operation: transform\n    config: { value: "hello ${input.name}" }\n',
  );
  writeFileSync(
    join(folder, 'ensembles/code.yaml'),
    'ensemble: code\nagents:\n  - name: greet\n    operation: code\n    config:\n      code: return "hello " + ${input.name};\n',
  );
  return folder;
}

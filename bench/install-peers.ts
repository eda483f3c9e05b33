import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Installs what bench/package-lock.json says, unless that is there. The peers are no dependencies of Ensemble: nothing but the benchmarks needs them. Throws when npm fails. */
export function installPeers(): void {
  if (isInstalled()) return;
  console.log(
    'installing the engines and libraries to compare with (npm ci in bench/, some minutes the first time: one of them may be compiled)',
  );
  // npm is a script on Windows, which only a shell starts.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci in bench/ ended with ${status}`);
}

/** Whether each package that package.json names is there in its version. */
function isInstalled(): boolean {
  const { devDependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(devDependencies).every(([name, version]) => {
    const manifest = `${folder}node_modules/${name}/package.json`;
    return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version === version;
  });
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type AuditReport, auditFindings } from './supply-chain/audit-findings.ts';
import { readShippedPackages } from './supply-chain/shipped-packages.ts';

/*
 * `npm run audit`: exit 1 when a package that we ship has a known vulnerability. Bundled packages are development dependencies, so `npm audit --omit=dev`
 * would not see them: all are asked for, and those that ship are reported. A registry that gives no report (offline, a mirror) is said, and is no failure.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const shipped = readShippedPackages(root);
const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
const report = readReport(stdout);
const findings = auditFindings(report, shipped);

if (findings === undefined) {
  console.log(`not audited: the registry gave no report${report.message === undefined ? '' : ` (${report.message})`}`);
} else if (findings.length === 0) {
  console.log(`${shipped.length} shipped packages: no known vulnerabilities`);
} else {
  console.error(findings.join('\n'));
  process.exitCode = 1;
}

function readReport(text: string): AuditReport {
  try {
    return JSON.parse(text) as AuditReport;
  } catch {
    return {};
  }
}

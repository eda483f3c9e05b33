import { type DeployCheck, type Finding, finding } from '../finding.ts';

/** The version that this is tested with. */
const TESTED_WRANGLER = '4.155.0';

/** That wrangler is there, and that what runs here can run it. */
export const checkTools: DeployCheck = ({ tools: { node, wrangler } }) => {
  const findings: Finding[] = [];
  if (wrangler === undefined) {
    findings.push(
      finding('wrangler-missing', 'wrangler is neither in the project nor in PATH', { help: 'npm install --save-dev wrangler' }),
    );
    return findings;
  }
  const { version, node: asked } = wrangler;
  if (version !== undefined && isOlder(version, TESTED_WRANGLER)) {
    const message = `wrangler ${version} is older than ${TESTED_WRANGLER}, which Ensemble is tested with`;
    findings.push(finding('wrangler-version', message, { help: 'npm install --save-dev wrangler@latest' }));
  }
  const oldest = asked === undefined ? undefined : /^>=\s*v?(\d+(?:\.\d+)*)/.exec(asked)?.[1];
  if (oldest !== undefined && isOlder(node, oldest)) {
    findings.push(
      finding('node-version', `Node ${node} is too old for wrangler ${version ?? ''}, which needs ${oldest}`, {
        help: `install Node ${oldest} or later`,
      }),
    );
  }
  return findings;
};

/** By the numbers alone: `5.0.0-beta.1` is 5.0.0. */
function isOlder(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => (text.split('-')[0] ?? '').split('.').map(Number));
  for (const [index, number] of (theirs ?? []).entries()) {
    const other = ours?.[index] ?? 0;
    if (other !== number) return other < number;
  }
  return false;
}

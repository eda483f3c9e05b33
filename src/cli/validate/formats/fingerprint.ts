import { createHash } from 'node:crypto';
import type { Finding } from './format.ts';

/**
 * Fingerprints by which a finding is known again when lines above it come and go: a hash of the rule and of the line it begins on, without the
 * white space around it, then which of those with the same hash in its file it is, counted from 1.
 */
export function createFingerprints(): (finding: Finding) => string {
  const counts = new Map<string, number>();
  return ({ file, code, text, span }) => {
    const hash = createHash('sha256')
      .update(`${code}\n${lineAt(text ?? '', span.start)}`)
      .digest('hex')
      .slice(0, 32);
    const key = `${hash} ${file}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `${hash}:${count}`;
  };
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end).trim();
}

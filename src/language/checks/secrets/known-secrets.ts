/** A stretch of a text that looks like a secret. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** Completes "this looks like …". */
  readonly what: string;
}

interface Format {
  readonly what: string;
  /** Without capturing groups; it may use every character of a token but no white space. */
  readonly pattern: string;
}

/**
 * Tokens that their makers gave a beginning to be known by. Each pattern begins where a run of letters, digits, `_` and `-` begins and takes a bounded
 * or greedy class after it, so that a text is searched in linear time.
 */
const FORMATS: readonly Format[] = [
  { what: 'an Anthropic API key', pattern: 'sk-ant-[\\w-]{20,}' },
  { what: 'a Stripe key', pattern: '(?:sk|rk)_live_[A-Za-z0-9]{16,}' },
  { what: 'a Stripe signing secret', pattern: 'whsec_[A-Za-z0-9+/=]{24,}' },
  { what: 'an API key', pattern: 'sk-(?:[a-z]{2,8}-)?[A-Za-z0-9_-]{20,}' },
  { what: 'a GitHub token', pattern: 'gh[pousr]_[A-Za-z0-9]{36,}' },
  { what: 'a GitHub token', pattern: 'github_pat_\\w{22,}' },
  { what: 'a GitLab token', pattern: 'glpat-[\\w-]{20,}' },
  { what: 'a Slack token', pattern: 'xox[abeprs]-[A-Za-z0-9-]{15,}' },
  { what: 'an AWS access key', pattern: '(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])' },
  { what: 'a Google API key', pattern: 'AIza[\\w-]{35}' },
  { what: 'an npm token', pattern: 'npm_[A-Za-z0-9]{36}' },
  { what: 'a SendGrid API key', pattern: 'SG\\.[\\w-]{16,64}\\.[\\w-]{16,}' },
  { what: 'a Hugging Face token', pattern: 'hf_[A-Za-z0-9]{30,}' },
  { what: 'a Shopify token', pattern: 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}' },
  { what: 'a DigitalOcean token', pattern: 'do[opr]_v1_[a-f0-9]{64}' },
  { what: 'a JSON Web Token', pattern: 'eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{10,}' },
];

const KNOWN = new RegExp(`(?<![\\w-])(?:${FORMATS.map(({ pattern }) => `(${pattern})`).join('|')})`, 'g');
const PRIVATE_KEY = /-----BEGIN (?:[A-Z\d]{1,20} ){0,3}PRIVATE KEY-----/g;
/** The password of an address: `https://user:password@host`. */
const PASSWORD_IN_URL = /:\/\/[^\s/:@'"`]{0,100}:(?<password>[^\s/:@'"`]{1,200})@/g;

const MIN_TOKEN_LENGTH = 20;
/** Each of those tokens is one such run, or part of one; most texts have none, and the search ends here. */
const LONG_RUN = /[\w.+/=-]{20,}/g;

/** What begins as tokens of well-known services do, private keys, and passwords in addresses. Placeholders and expressions are none. */
export function findKnownSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  if (text.length >= MIN_TOKEN_LENGTH) for (const run of text.matchAll(LONG_RUN)) found.push(...findTokens(run[0], run.index));
  if (text.includes('-----BEGIN ')) found.push(...findPrivateKeys(text));
  if (text.includes('://') && text.includes('@')) found.push(...findPasswords(text));
  return found.length > 1 ? found.sort((a, b) => a.start - b.start) : found;
}

function findTokens(run: string, at: number): readonly FoundSecret[] {
  return [...run.matchAll(KNOWN)].flatMap((match): readonly FoundSecret[] => {
    const format = FORMATS[match.slice(1).findIndex((group) => group !== undefined)];
    const [token] = match;
    const start = at + match.index;
    return format === undefined || !looksRandom(token) ? [] : [{ start, end: start + token.length, what: format.what }];
  });
}

function findPrivateKeys(text: string): readonly FoundSecret[] {
  return [...text.matchAll(PRIVATE_KEY)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    what: 'a private key',
  }));
}

function findPasswords(text: string): readonly FoundSecret[] {
  return [...text.matchAll(PASSWORD_IN_URL)].flatMap((match): readonly FoundSecret[] => {
    const password = match.groups?.password ?? '';
    if (/[${}<>]/.test(password) || isPlaceholder(password)) return [];
    const end = match.index + match[0].length - 1;
    return [{ start: end - password.length, end, what: 'the password of an address' }];
  });
}

function isMixed(token: string): boolean {
  return /\d/.test(token) && /[A-Za-z]/.test(token);
}

const PLACEHOLDER =
  /x{4,}|\*{2,}|\.{3}|…|0{6,}|1234567|abcdefg|example|sample|dummy|fake|placeholder|change-?_?me|replace|insert|redacted|your[-_ ]|my[-_](?:api|secret|token|key|password)/i;
const PLACEHOLDER_WORD =
  /^(?:<.*>|\[.*\]|\{.*\}|x+|todo|test(?:ing)?|secret|password|passwd|pass|pwd|token|key|api[-_]?key|none|null|user|admin|root|postgres)$/i;

/** Text that stands where a secret would, and is none: `sk-…`, `YOUR_API_KEY`, `<token>`, `AKIAIOSFODNN7EXAMPLE`. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text) || PLACEHOLDER_WORD.test(text.trim());
}

/**
 * Whether a text looks drawn at random: a stretch of twelve or more letters and digits, both of them, in which few repeat. `sk-some-name-of-2026` is a
 * name.
 */
export function looksRandom(text: string): boolean {
  if (text.length > 4096 || /\s/.test(text) || isPlaceholder(text)) return false;
  return text.split(/[^A-Za-z0-9]+/).some((part) => part.length >= 12 && isMixed(part) && entropyOf(part) >= 2.8);
}

/** Shannon's entropy, in bits for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}

import type { Span } from '../../program/diagnostic.ts';
import { ROOT_NAMES, type RootName, type Template } from '../../program/expression.ts';
import type { LocatedScalar } from '../document/located.ts';
import { findExpressionEnd } from '../expression/scan.ts';
import { Findings } from '../model/findings.ts';
import type { ParsedValue, Read, TextParser } from '../model/read.ts';
import { type CodeReturns, findReturns } from './code-returns.ts';
import { type BodyUses, findUses, type IdentifierUse, type QuasiUse, type StringUse } from './identifier-uses.ts';
import { JAVASCRIPT_GLOBALS, RESULT_FIELDS } from './javascript-globals.ts';
import { applyEdits, buildModule, type Edit, LINE_OFFSET, lineEnds, unusedName } from './module-source.ts';
import { BodySyntaxError, NEVER_CLOSED, type ParsedBody, parseBody } from './parse-body.ts';
import { isEscape, MAX_UNCLOSED, type StringPart } from './string-holes.ts';

/** A `setState({…})` call: a key that it names, undefined when that is not visible. */
interface StateWrite {
  readonly key: string | undefined;
  readonly span: Span;
  /** Its value is the name: `{ total }`. */
  readonly shorthand?: boolean;
}

/** A `code:` body, compiled: a module, and what it must be given. */
export interface CodeBody {
  readonly source: string;
  /** Lines of `source` before the body's first. */
  readonly lineOffset: number;
  readonly holes: readonly Template[];
  /** The expressions of the holes with their places; roots that the JavaScript itself names are none. */
  readonly expressions: readonly ParsedValue[];
  /** What the holes and the JavaScript around them read. */
  readonly reads: readonly Read[];
  /** Agents that the JavaScript names outside of holes: their results are handed over by name. */
  readonly agents: readonly string[];
  readonly usesEnv: boolean;
  /** The variables it reads, when each is named in the text (`env.API_KEY`): no other secret is handed to it. */
  readonly envNames: readonly string[] | undefined;
  /** `setState({…})` calls: the keys they name, as far as they are visible. */
  readonly stateWrites: readonly StateWrite[];
  /** Names that it neither declares nor is given, each where it stands first: globals of the isolate, or mistakes. */
  readonly freeNames: readonly FreeName[];
  /** Names that it declares, anywhere in it. */
  readonly declaredNames: ReadonlySet<string>;
  readonly returns: CodeReturns;
  readonly diagnostics: Findings['all'];
}

export interface FreeName {
  readonly name: string;
  readonly span: Span;
  /** It is assigned to before it is read. */
  readonly assigned: boolean;
  readonly called: boolean;
}

interface Options {
  /** The names of all agents of the ensemble or agent file. */
  readonly agents: ReadonlySet<string>;
  readonly parse: TextParser;
}

/** Roots that the isolate is given as they are; the others reach the body as holes. */
const GIVEN_ROOTS: ReadonlySet<string> = new Set(['input', 'state', 'env']);
const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);
/** What the module that a body becomes has in scope beside the roots; `arguments` is every function's. */
const GIVEN_NAMES: ReadonlySet<string> = new Set(['setState', 'console', 'signal', 'arguments']);

/**
 * Compiles a `code:` body (LANGUAGE §5): every `${…}` and `$<…>` becomes a value that is bound when the body is called, so that no data is ever parsed as code.
 *
 * - In expression position the hole becomes that value; as an object literal's key, a computed key.
 * - In `'…'` and `"…"` it becomes text in that string: the literal becomes `''.concat('…', text, '…')`, which begins with a string like the
 *   literal did, so that no semicolon is inserted elsewhere than before.
 * - In a template literal `${…}` stays JavaScript, with `input`, `state`, `env`, the other roots and the agents in scope (as they are in all of the body);
 *   `$<…>`, which JavaScript does not know, becomes text.
 * - In comments and regular expressions it is not touched.
 */
export function compileCodeBody(scalar: LocatedScalar, options: Options): CodeBody {
  const text = String(scalar.value);
  const compiler = new BodyCompiler(text, scalar, options);
  try {
    const parsed = parseWithNames(text, options);
    return compiler.compile(parsed.body, parsed.uses);
  } catch (error) {
    if (!(error instanceof BodySyntaxError) && !(error instanceof RangeError)) throw error;
    const at = error instanceof BodySyntaxError ? Math.min(error.at, text.length) : 0;
    const message = error instanceof BodySyntaxError ? error.message : 'the code is nested too deeply';
    const width = message.endsWith(NEVER_CLOSED) ? 2 : 1;
    compiler.findings.report(
      'code-syntax',
      scalar.at(at, Math.min(at + width, text.length)),
      `this code is not valid JavaScript: ${message}`,
      {
        help: syntaxHelp(text, at, message),
      },
    );
    return {
      source: '',
      lineOffset: LINE_OFFSET,
      holes: [],
      expressions: [],
      reads: [],
      agents: [],
      usesEnv: false,
      envNames: undefined,
      stateWrites: [],
      freeNames: [],
      declaredNames: new Set(),
      returns: { type: 'unknown' },
      diagnostics: compiler.findings.all,
    };
  }
}

/**
 * `fetch-user` is the agent of that name, unless the body declares a `fetch`: then it is JavaScript's subtraction, and the body is read again that way.
 */
function parseWithNames(text: string, options: Options): { body: ParsedBody; uses: BodyUses } {
  const hyphenatedNames = namesWithHyphen(text, options.agents);
  const isExpression = (source: string): boolean => options.parse(source, () => NOWHERE).diagnostics.length === 0;
  const body = parseBody(text, { hyphenatedNames, minusAt: new Set(), isExpression });
  const uses = findUses(body.ast);
  if (body.hyphenated.size === 0) return { body, uses };
  const bound = new Set(uses.identifiers.filter((use) => use.role === 'bind').map((use) => use.name));
  const minusAt = new Set(
    uses.identifiers.filter((use) => body.hyphenated.has(use.start) && bound.has(use.name.split('-', 1)[0] ?? '')).map((use) => use.start),
  );
  if (minusAt.size === 0) return { body, uses };
  const again = parseBody(text, { hyphenatedNames, minusAt, isExpression });
  return { body: again, uses: findUses(again.ast) };
}

/** The agents with a hyphen in their name that the text may name, found in time that does not grow with the number of agents. */
function namesWithHyphen(text: string, agents: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const [word] of text.matchAll(/[A-Za-z_][\w-]{0,255}/g)) {
    for (let end = word.indexOf('-'); end !== -1; ) {
      end = word.indexOf('-', end + 1);
      const name = end === -1 ? word : word.slice(0, end);
      if (agents.has(name)) found.add(name);
    }
  }
  return [...found];
}

const NOWHERE: Span = { file: '', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };

function syntaxHelp(text: string, at: number, message: string): string | undefined {
  if (message.endsWith(NEVER_CLOSED)) return 'close it with `}`, or write `$${` for the two characters';
  if (text[at] === '{' && text[at - 1] === '$') return 'an expression `${…}` stands apart from the word before it';
  return undefined;
}

class BodyCompiler {
  readonly findings = new Findings();
  readonly #text: string;
  readonly #scalar: LocatedScalar;
  readonly #options: Options;
  readonly #edits: Edit[] = [];
  readonly #holes: Template[] = [];
  readonly #expressions: ParsedValue[] = [];
  readonly #reads: Read[] = [];
  readonly #agents = new Set<string>();
  readonly #stateWrites: StateWrite[] = [];
  #usesEnv = false;
  readonly #envNames = new Set<string>();
  readonly #freeNames = new Map<string, FreeName>();
  #namesEachVariable = true;
  #context = '_e';

  constructor(text: string, scalar: LocatedScalar, options: Options) {
    this.#text = text;
    this.#scalar = scalar;
    this.#options = options;
  }

  compile(body: ParsedBody, found: BodyUses): CodeBody {
    this.#context = unusedName(
      this.#text,
      found.identifiers.map((use) => use.name),
    );
    if (found.moduleSyntax !== undefined) {
      const { start, end } = found.moduleSyntax;
      this.findings.report(
        'code-module-syntax',
        this.#scalar.at(start, Math.min(end, start + 6)),
        'a code body is the inside of a function: it cannot import or export',
        {
          help: 'move the code into a file and name it with `script:`; there, imports of your own files work',
        },
      );
    }
    // In the order of the text, so that the holes are numbered as they are read.
    const uses = [...found.identifiers, ...found.strings, ...found.quasis].toSorted((a, b) => a.start - b.start);
    for (const use of uses) {
      if ('tagged' in use) {
        if (!use.tagged) this.#placeQuasi(use);
      } else if ('name' in use) {
        const hole = body.holes.get(use.name);
        if (hole !== undefined) this.#placeHole(use, hole.start, hole.end);
        else this.#placeName(use, body.hyphenated.has(use.start));
      } else {
        const parts = body.strings.get(use.start);
        if (parts !== undefined) this.#placeString(use, parts);
      }
    }
    const probed = new Set(found.identifiers.filter((use) => use.probed).map((use) => use.name));
    const source = buildModule(applyEdits(this.#text, this.#edits), this.#context);
    const findings = this.findings.all;
    return {
      source,
      lineOffset: LINE_OFFSET,
      holes: this.#holes,
      expressions: this.#expressions,
      reads: this.#reads,
      agents: [...this.#agents],
      usesEnv: this.#usesEnv,
      envNames: this.#usesEnv && this.#namesEachVariable ? [...this.#envNames] : undefined,
      stateWrites: this.#stateWrites,
      freeNames: [...this.#freeNames.values()].filter(({ name }) => !probed.has(name)),
      declaredNames: new Set(found.identifiers.flatMap(({ role, name }) => (role === 'bind' ? [name] : []))),
      returns: findReturns(body.ast),
      diagnostics: findings,
    };
  }

  #placeHole(use: IdentifierUse, start: number, end: number): void {
    if (use.role === 'read' && !use.shorthand) this.#edit(start, end, this.#hole(start, end));
    else if (use.role === 'key' && !use.shorthand) this.#edit(start, end, `[${this.#hole(start, end)}]`);
    else this.#misplaced(start, end, use.role === 'property' ? 'write `object[${…}]` to read a member whose name is a value' : undefined);
  }

  #placeName(use: IdentifierUse, hyphenated: boolean): void {
    if (hyphenated && (use.role !== 'read' || use.declared)) {
      this.#badName(use);
      return;
    }
    if (use.declared || (use.role !== 'read' && use.role !== 'write')) return;
    const span = this.#scalar.at(use.start, use.end);
    const put = (code: string): void => this.#edit(use.start, use.end, use.shorthand ? `${use.name}: ${code}` : code);
    if (this.#options.agents.has(use.name) && this.#meansAgent(use)) {
      if (hyphenated && use.shorthand) {
        this.#badName(use);
        return;
      }
      this.#agents.add(use.name);
      const shorthand = use.shorthand ? { shorthand: true } : {};
      for (const path of readPaths(use)) this.#reads.push({ kind: 'agent', name: use.name, path, span, ...shorthand });
      put(`${this.#context}.agents[${JSON.stringify(use.name)}]`);
    } else if (use.name === 'setState') {
      const keys = use.calledWith;
      if (keys === undefined) this.#stateWrites.push({ key: undefined, span });
      else for (const { text: key, start, end, ...how } of keys) this.#stateWrites.push({ key, span: this.#scalar.at(start, end), ...how });
    } else if (ROOTS.has(use.name) && use.role === 'read') {
      for (const path of readPaths(use)) this.#reads.push({ kind: 'root', name: use.name, path, span });
      if (use.name === 'env') this.#noteVariables(use);
      if (!GIVEN_ROOTS.has(use.name)) {
        const source = `\${${use.name}}`;
        const place = { line: span.line, column: span.column };
        this.#holes.push({ type: 'hole', source, expression: { type: 'root', name: use.name as RootName }, place });
        put(`${this.#context}.holes[${this.#holes.length - 1}]`);
      }
    } else if (!ROOTS.has(use.name) && !GIVEN_NAMES.has(use.name) && !this.#freeNames.has(use.name)) {
      this.#freeNames.set(use.name, { name: use.name, span, assigned: use.role === 'write', called: use.called });
    }
  }

  #noteVariables(use: IdentifierUse): void {
    this.#usesEnv = true;
    for (const [name] of readPaths(use)) {
      // `env.hasOwnProperty(name)` asks about any of them.
      if (name === undefined || name in Object.prototype) this.#namesEachVariable = false;
      else this.#envNames.add(name);
    }
  }

  #meansAgent(use: IdentifierUse): boolean {
    if (use.role !== 'read') return false;
    if (!JAVASCRIPT_GLOBALS.has(use.name)) return true;
    const [member] = use.path;
    return member !== undefined && RESULT_FIELDS.has(member);
  }

  #placeString(use: StringUse, parts: readonly StringPart[]): void {
    const quote = this.#text.charAt(use.start);
    const hasHole = parts.some((part) => part.type === 'hole');
    if (use.role === 'fixed' && hasHole) {
      this.#misplaced(use.start, use.end);
      return;
    }
    const raw = (text: string): string => `${quote}${text}${quote}`;
    const pieces = parts.map((part) =>
      part.type === 'raw' ? raw(part.text) : `${this.#context}.text(${this.#hole(part.start, part.end)})`,
    );
    // Without a hole only `$${` was undone, which may have cut the text in two.
    const joined = hasHole ? `''.concat(${pieces.join(', ')})` : raw(parts.map((part) => (part.type === 'raw' ? part.text : '')).join(''));
    this.#edit(use.start, use.end, use.role === 'key' && hasHole ? `[${joined}]` : joined);
  }

  #placeQuasi(use: QuasiUse): void {
    const text = this.#text.slice(0, use.end);
    let unclosed = 0;
    for (let at = text.indexOf('$', use.start); at !== -1 && unclosed < MAX_UNCLOSED; at = text.indexOf('$', at + 1)) {
      if (escaped(text, at, use.start)) continue;
      if (isEscape(text, at)) {
        this.#edit(at, at + 1, '');
        at += 2;
        continue;
      }
      if (text[at + 1] !== '<') continue;
      const end = findExpressionEnd(text, at);
      if (end === undefined) {
        unclosed++;
        continue;
      }
      this.#edit(at, end, `\${${this.#context}.text(${this.#hole(at, end)})}`);
      at = end - 1;
    }
  }

  /** Parses the hole that stands at `start` and returns the code that reads its value. */
  #hole(start: number, end: number): string {
    const source = this.#text.slice(start, end);
    const parsed: ParsedValue = this.#options.parse(source, (from, to) => this.#scalar.at(start + from, start + to));
    this.findings.add(parsed.diagnostics);
    this.#reads.push(...parsed.reads);
    this.#holes.push(parsed.template);
    this.#expressions.push(parsed);
    return `${this.#context}.holes[${lineEnds(source)}${this.#holes.length - 1}]`;
  }

  #edit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  #misplaced(start: number, end: number, help = 'an expression can stand where JavaScript takes a value, and inside of quotes'): void {
    this.findings.report(
      'code-hole-position',
      this.#scalar.at(start, end),
      `the expression ${excerpt(this.#text.slice(start, end))} cannot stand here: JavaScript needs a name at this place`,
      {
        help,
      },
    );
  }

  #badName(use: IdentifierUse): void {
    this.findings.report(
      'code-syntax',
      this.#scalar.at(use.start, use.end),
      `"${use.name}" is the name of an agent and cannot stand here`,
      {
        help: 'write spaces around the minus to subtract',
      },
    );
  }
}

/** One path for each property that is taken: `const { output } = step` reads `step.output`. */
function readPaths(use: IdentifierUse): readonly (readonly string[])[] {
  return use.taken === undefined ? [use.path] : use.taken.map((key) => [key]);
}

/** Whether an odd number of backslashes stands before `at`. */
function escaped(text: string, at: number, from: number): boolean {
  let count = 0;
  while (at - count > from && text[at - count - 1] === '\\') count++;
  return count % 2 === 1;
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

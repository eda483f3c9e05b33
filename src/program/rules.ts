import type { Severity } from './diagnostic.ts';

/** What every finding of one name has in common. */
export interface Rule {
  /** How grave a finding is, unless the project's settings say otherwise. */
  readonly severity: Severity;
  /** What it finds, in one sentence. */
  readonly finds: string;
  /** It can be switched off, or given another severity: the ensemble has a meaning all the same. The others are what a program cannot be built without. */
  readonly optional?: true;
}

const must = (finds: string): Rule => ({ severity: 'error', finds });
const error = (finds: string): Rule => ({ severity: 'error', finds, optional: true });
const warning = (finds: string): Rule => ({ severity: 'warning', finds, optional: true });

/**
 * Every rule, by its name: kebab-case, stable, the `code` of its diagnostics. Each has a page in src/language/rules/, of which docs/rules.md
 * is made.
 */
export const RULES = {
  // The text of the file
  'yaml-syntax': must('The file is not YAML at this place.'),
  'nested-mapping': must('A mapping or list begins on the line of another key.'),
  'unclosed-bracket': must('A quote or bracket is never closed.'),
  'missing-colon': must('A line in a mapping has no `:` behind its key.'),
  'bad-indent': must('The indentation of a line fits nothing above it.'),
  'tab-indent': must('A tab is used as indentation.'),
  'bad-alias': must('An alias (`*name`) names no anchor (`&name`) before it, or stands inside its own.'),
  'bad-merge': must('`<<` merges something else than a mapping or a list of mappings.'),
  'bad-escape': must('A backslash in double quotes begins no escape sequence that YAML knows.'),
  'bad-number': must('A number that JSON cannot hold, or that would lose digits.'),
  'unknown-tag': must('A YAML tag (`!name`) that is not part of the core schema.'),
  'duplicate-key': must('A mapping gives the same key twice.'),
  'non-string-key': must('A key of a mapping is empty, a list or a mapping.'),
  'several-documents': must('The file holds more than one YAML document.'),
  'empty-file': must('The file holds nothing but comments.'),
  'unreadable-file': must('A file that cannot be read: it is no UTF-8 text, or this user may not read it.'),
  'file-too-large': must('The file is larger than 1 MiB.'),
  'alias-expansion': must('The aliases (`*name`) of the file expand to more than 10,000 values.'),
  'too-deep': must('Values are nested more than 100 levels deep.'),
  'control-character': must('An invisible character that YAML does not allow.'),
  'text-repair': warning('A value without quotes contains `: `; it is read as text to the end of its line.'),
  // The shape of the file
  'unknown-key': must('A key that the language does not know at this place.'),
  'missing-key': must('A key that must be there is missing, or has no value.'),
  'conflicting-keys': must('Two keys that exclude each other (often a key and its alias) stand together.'),
  'wrong-type': must('A value is of another kind than its key takes: a list for a mapping, a text for a list, …'),
  'bad-value': must('A value is none of those that its key takes.'),
  'unknown-operation': must('An operation that does not exist.'),
  'unknown-type': must('A type name that does not exist.'),
  'invalid-name': must('A name that is not a letter or underscore followed by letters, digits, `_` or `-`.'),
  'invalid-number': must('A number outside of what can stand there.'),
  'invalid-duration': must('Text that is no duration.'),
  'invalid-schema': must('A schema that cannot be used.'),
  'missing-schema-file': must('A schema file that does not exist or cannot be read.'),
  'constant-required': must('An expression where only a constant can stand.'),
  'missing-config': must('An operation lacks a setting that it needs.'),
  'spliced-sql': must('An expression inside the text of a SQL query, where its value would be read as SQL.'),
  'unsupported-feature': must('A part of the language that this version does not have yet.'),
  'program-too-large': must('The compiled program is too large.'),
  // Names and order
  'duplicate-agent': must('Two agents have the same name.'),
  'reserved-name': must('An agent has the name of a root.'),
  'agent-without-operation': must('An agent has no operation, and there is no agent file of its name.'),
  'agent-read-before-run': must('An agent is read before it has run, or in its own config.'),
  'out-of-place-root': must('A root is read where it has no value.'),
  'constant-condition': warning('A condition, or the claim of an `assert`, that is always the same.'),
  'missing-agent-file': must('An agent file that does not exist.'),
  'missing-agent-version': must('No version of an agent file is the one that is asked for.'),
  'invalid-version': must('What stands behind the `@` of an agent file or ensemble is neither a version nor a range.'),
  'ambiguous-version': must('Several files are the version of an agent file or ensemble that is asked for.'),
  'agent-file-cycle': must('Agent files that use each other in a circle.'),
  'agent-file-depth': must('Agent files are nested too deep.'),
  'config-beside-agent-file': must('An agent that names an agent file has a `config` of its own.'),
  // State
  'state-undeclared-key': must('A state key is set or read that the schema does not declare.'),
  'state-read-without-use': error('An agent reads a state key that its `use` does not list.'),
  'empty-state-view': warning('An agent reads the whole state, and its `use` declares no key of it.'),
  'state-default-type': must('A default or an initial value does not match the schema of its state key.'),
  'set-state-without-set': must('Code calls `setState` and the agent’s `set` does not list the keys.'),
  'implicit-set': warning('Code calls `setState`, and the agent has no `set` at all.'),
  // Expressions
  'expression-syntax': must('An expression that cannot be parsed.'),
  'unclosed-expression': must('A `${` or `$<` is never closed.'),
  'expression-not-allowed': must('A part of JavaScript or Jexl that expressions do not have.'),
  'forbidden-property': must('A read of `__proto__`, `constructor` or `prototype`.'),
  'unknown-name': must('A name that is no root and no agent.'),
  'unknown-filter': must('A filter that does not exist.'),
  'unknown-method': must('A method that does not exist.'),
  'unknown-builtin': must('A global that does not exist.'),
  'unsafe-regex': must('A regular expression that could take very long.'),
  'expression-too-large': must('An expression beyond 2,000 nodes or 64 levels.'),
  // Code
  'code-syntax': must('A code body that is not valid JavaScript.'),
  'code-module-syntax': must('A code body that uses `import`, `import(…)`, `import.meta` or `export`.'),
  'code-hole-position': must('An expression at a place of a code body where no value can stand.'),
  'missing-script': must('A script that does not exist or cannot be built.'),
  // Flow: steps in steps, other ensembles
  'agent-may-not-run': warning('The result of an agent is read whose branch, loop or `catch` may not have run.'),
  'unknown-flow-agent': must('An entry of `flow` names an agent that `agents` does not define.'),
  'repeated-flow-agent': must('`flow` runs one agent twice, and its results have the same name.'),
  'unused-flow-agent': warning('An agent that `flow` never runs.'),
  'unknown-dependency': must('`depends_on` names no agent that runs before.'),
  'unreachable-step': warning('A step that never runs, whatever the run brings.'),
  'empty-step': warning('A flow step that holds no steps.'),
  'endless-loop': warning('A `while` whose condition never changes.'),
  'parallel-state-writers': warning('Agents that run side by side set one state key that has no reducer.'),
  'kv-scope-race': warning('Two runs at the same time can share one state in KV, where the last one to write wins.'),
  'missing-ensemble': must('An ensemble that does not exist.'),
  'missing-ensemble-version': must('No version of an ensemble is the one that is asked for.'),
  'ensemble-cycle': error('An ensemble that always runs itself, directly or through others.'),
  'agent-file-name': warning('An agent file whose name differs from the name of its file, by which ensembles refer to it.'),
  // Types of values
  'unknown-property': error('A property is read that the value can never have.'),
  'undeclared-property': warning('A property is read that a schema, which lists the others, does not declare.'),
  'http-status-in-output': warning('The status or the headers of an answer are looked for in its body.'),
  'wrong-method': error('A method is called on a value that has none of that name.'),
  'wrong-operand': warning('An operator gets a value for which it gives nothing of use.'),
  'wrong-filter-input': warning('A filter gets a value for which it gives nothing of use.'),
  'state-set-type': error('A value is set that does not satisfy the schema of its state key.'),
  'missing-input': error('An agent file or ensemble is not given an input that it requires.'),
  'wrong-input-type': error('An agent file or ensemble is given an input of another type than it declares.'),
  'undeclared-input': warning('An agent file requires a field of the run’s input that the ensemble does not declare.'),
  'unknown-input': warning('An agent file or ensemble is given an input that it does not declare.'),
  'wrong-config-type': error('A setting gets a value of a type that its operation refuses.'),
  'output-never-set': warning('The output of an agent is read that never has one.'),
  // Settings of operations and triggers
  'sql-statement': error('A SQL query that D1 refuses: empty, with an open quote, with something behind its last statement, …'),
  'sql-params': error('A SQL query has more or fewer parameters than values are bound to it.'),
  'several-sql-statements': warning('A SQL query holds several statements; only the last one’s rows come back.'),
  'invalid-url': error('A URL that is not complete, or not http: or https:.'),
  'invalid-method': error('An HTTP method that does not exist.'),
  'invalid-status': error('A status that an HTTP answer cannot have.'),
  'invalid-header': error('A header with a name or a value that HTTP cannot carry.'),
  'duplicate-header': warning('Two headers whose names differ only in capital letters.'),
  'body-with-get': error('A request with the method GET or HEAD has a body.'),
  'kv-ttl-too-short': error('A key is to live for less than the 60 seconds that KV keeps at least.'),
  'invalid-storage-key': error('A key that KV or R2 does not take.'),
  'retry-combination': warning('Settings of `retry` that have no effect together.'),
  'timeout-combination': warning('A total timeout that leaves no time for what else is asked for.'),
  'cached-effect': warning('A cache on an agent that is there for what it does, not for what it gives.'),
  'zero-timeout': warning('A timeout of zero, at which nothing can succeed.'),
  'invalid-cron': error('A cron expression that cannot be read, or a time that never comes.'),
  'cron-weekday-number': warning('A weekday as a number in a cron expression, which not all of them count alike.'),
  'invalid-time': error('A `wait` for a time that cannot be read.'),
  'wait-combination': error('Settings of a `wait` or an `approval` that cannot stand together, or not alone.'),
  'invalid-timezone': error('A time zone that does not exist.'),
  'invalid-trigger-path': error('The path of a trigger that no request can have.'),
  'duplicate-trigger': warning('Two triggers answer the same requests.'),
  'invalid-email': error('An email address that is none.'),
  'invalid-batch-size': error('A batch size that queues do not have.'),
  'open-trigger': error('An http, webhook or email trigger has neither `auth` nor `public: true`.'),
  'public-with-auth': warning('A trigger has both `auth` and `public: true`.'),
  'missing-binding': warning('A storage binding that the wrangler configuration does not declare.'),
  'wrong-binding-kind': error('A binding is used as another kind of storage than the wrangler configuration declares.'),
  'undeclared-variable': warning('A variable of `env` that nothing in the project declares.'),
  'literal-secret': warning('A key, token or password stands in the file.'),
  'deprecated-spelling': warning('A key or value in an old spelling.'),
  // Use of state, inputs and names
  'unneeded-use': warning('An agent’s `use` lists a state key that nothing in the agent reads.'),
  'unneeded-set': warning('An agent’s `set` lists a state key that the agent never has a value for.'),
  'unused-state-key': warning('A state key is declared, and nothing reads or sets it.'),
  'state-never-read': warning('A state key is set that nothing reads, and that is gone when the run ends.'),
  'state-never-set': warning('A state key is read that nothing ever sets.'),
  'reducer-type': error('A reducer that cannot work on the type of its state key.'),
  'unused-input': warning('An input is declared that nothing reads.'),
  'input-default-type': error('A default of an input does not match its schema.'),
  'confusing-name': warning('An agent has a name that an expression can read in two ways.'),
  'empty-ensemble': warning('An ensemble without agents: it does nothing.'),
  // Schemas that authors write
  'impossible-schema': error('A schema that no value satisfies.'),
  'required-without-property': warning('`required` names a property that the schema does not describe.'),
  'unknown-schema-keyword': warning('A key of a JSON Schema that is probably a misspelled keyword.'),
  'unknown-format': warning('A `format` that is probably misspelled; nothing checks it.'),
  'slow-pattern': warning('A `pattern` that could take very long on some texts.'),
  'output-schema-never-met': error('A `schema.output` on an agent that never has an output, so that it always fails.'),
  // Code bodies and scripts
  'code-never-returns': warning('The output of a code body is read, and the body returns nothing.'),
  'undefined-name': warning('A code body uses a name that it does not declare and that its isolate does not have.'),
  'fetch-without-network': warning('A code body calls `fetch` and has no `network: true`.'),
  'script-without-default': error('A script has no default export, which is what would run.'),
  // Settings of the project
  'unknown-rule': must('The settings name a rule that does not exist.'),
  'required-rule': must('The settings switch off or lower a rule that is not optional.'),
  // Comments to the validator
  'bad-ignore': warning('An `# ensemble-ignore` that names no rule which can be ignored, or gives no reason.'),
  'unused-ignore': warning('An `# ensemble-ignore` of a rule that finds nothing there.'),
  'too-many-findings': warning('A rule finds more than 500 places in one file.'),
} satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

import { LEVELS } from '../../src/language/settings/settings.ts';
import { ENGINES } from '../../src/program/deployment.ts';
import { RULES, type Rule } from '../../src/program/rules.ts';
import { fixedOneOf, listOf, mapping, type Schema } from './vocabulary.ts';

const level: Schema = { type: 'string', enum: LEVELS, 'x-expected': 'off, warn or error' };
const name: Schema = { type: 'string', 'x-expected': 'a text' };

/** The settings of a project. That a rule exists is checked by `unknown-rule`, which knows more names than an editor should list twice. */
const settings = (rules: Schema): Schema => ({
  description: 'Settings of a project of ensembles, for `ensemble validate`, `ensemble run` and editors.',
  ...mapping('the settings', {
    rules: {
      title: '`rules`',
      description: 'The level of each rule that is not to have its own: off, warn or error.',
      type: 'object',
      additionalProperties: level,
      ...rules,
    },
    paths: listOf(
      name,
      'What `ensemble validate` checks when it is told nothing: files, folders and globs. Default: ensembles and agents.',
    ),
    exclude: listOf(name, 'Globs of files that are passed over in folders and globs.'),
    env: listOf(name, 'Names of variables and secrets that are declared where nobody can look, such as those of the deployed Worker.'),
    engine: fixedOneOf(ENGINES, 'What runs the ensembles that do not say it themselves. Default: durable-object.'),
  }),
});

/** What the shape check needs. */
export const configShape = settings({});

/** For editors: it offers the rules by name. */
export const configSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...settings({
    properties: Object.fromEntries(
      Object.entries<Rule>(RULES).flatMap(([rule, { finds, optional }]) => (optional ? [[rule, { ...level, description: finds }]] : [])),
    ),
  }),
};

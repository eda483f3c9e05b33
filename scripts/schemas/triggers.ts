import { anything, choose, fixedOneOf, flag, listOf, mapping, number, type Schema, text, textOrTexts } from './vocabulary.ts';

const TYPES = ['http', 'webhook', 'cron', 'queue', 'email'];

const type = fixedOneOf(TYPES, 'What starts a run.');
const guardBy = (types: readonly string[], description: string) => ({
  auth: {
    description: 'Who may start a run.',
    ...mapping(
      '`auth`',
      { type: fixedOneOf(types, description), secret: text('The secret, from the environment: ${env.NAME}.') },
      { required: ['type', 'secret'] },
    ),
  },
  public: flag('true: anyone may start a run.'),
});
const guard = guardBy(['bearer', 'signature', 'basic'], 'How the caller proves itself.');
/** A mail goes through servers that change it: nothing of it can be signed for the trigger, and it has no place for a user. */
const mailGuard = guardBy(
  ['bearer'],
  'How the sender proves itself: the secret as a tag of the address (`orders+SECRET@…`), or in the header `Ensemble-Token`.',
);
const path = text('The path of the URL, such as /orders/:id.');

/** An open door must be said to be open (LANGUAGE §8). */
const guarded: Schema = {
  anyOf: [{ required: ['auth'] }, { required: ['public'], properties: { public: { const: true } } }],
  'x-needs': ['auth', 'public: true'],
  'x-left-to': 'open-trigger',
};

export const triggerDefinitions: Readonly<Record<string, Schema>> = {
  trigger: {
    description: 'What starts a deployed run.',
    type: 'object',
    'x-expected': 'a mapping such as `- type: http`',
    ...choose(
      [
        {
          key: 'type',
          value: 'http',
          schema: mapping(
            'an `http` trigger',
            {
              type,
              path,
              methods: textOrTexts('The methods that it answers. Default: POST.'),
              ...guard,
              cors: anything('Cross-origin requests: true, or an origin, or a list of them.'),
            },
            { required: ['path'], ...guarded },
          ),
        },
        {
          key: 'type',
          value: 'webhook',
          schema: mapping('a `webhook` trigger', { type, path, ...guard }, { required: ['path'], ...guarded }),
        },
        {
          key: 'type',
          value: 'cron',
          schema: mapping(
            'a `cron` trigger',
            {
              type,
              cron: text('When: minute, hour, day, month, weekday (1 is Sunday).'),
              timezone: text('The time zone of `cron`. Default: UTC.'),
              input: anything('The input of the run; it can read `env` and `trigger`.'),
            },
            { required: ['cron'] },
          ),
        },
        {
          key: 'type',
          value: 'queue',
          schema: mapping(
            'a `queue` trigger',
            {
              type,
              queue: text('The name of the queue, as the platform knows it.'),
              batch_size: number('The most messages that a run takes. Default: 1, and the message itself is the input.', {
                minimum: 1,
                integer: true,
              }),
            },
            { required: ['queue'] },
          ),
        },
        {
          key: 'type',
          value: 'email',
          schema: mapping(
            'an `email` trigger',
            { type, addresses: textOrTexts('The addresses that it answers; `*@example.com` is all of a domain.'), ...mailGuard },
            { required: ['addresses'], ...guarded },
          ),
        },
      ],
      { title: 'a trigger', properties: { type }, required: ['type'] },
    ),
  },
};

export const triggers = listOf({ $ref: '#/definitions/trigger' }, 'What starts a run when the ensemble is deployed.');

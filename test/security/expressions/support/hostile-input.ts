import type { JsonValue } from '../../../../src/program/json.ts';

/** Data that an attacker could have sent: as JSON, which is how all data comes in. */
export const HOSTILE_INPUT: JsonValue = JSON.parse(`{
  "o": { "a": 1 }, "list": [1, 2], "s": "text", "n": 5, "yes": true, "nothing": null,
  "name": "constructor", "halves": ["con", "structor"], "proto": "__proto__", "codes": [99, 111, 110, 115, 116, 114, 117, 99, 116, 111, 114],
  "names": ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__", "__lookupGetter__", "call", "apply", "bind", "caller"],
  "key": { "toString": "constructor", "valueOf": "constructor", "0": "constructor", "length": 1 },
  "traps": { "toString": "x", "valueOf": 1, "toJSON": "y", "then": "z", "length": -1, "constructor": { "constructor": "Function" }, "prototype": { "a": 1 },
             "Symbol.toPrimitive": "p", "@@iterator": "i", "next": "n", "inspect": "i", "hasOwnProperty": 1, "__defineGetter__": "g" },
  "bomb": { "__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } }, "a": { "__proto__": { "polluted": true } } },
  "pairs": [["__proto__", { "polluted": true }], ["constructor", { "polluted": true }]],
  "json": "{\\"__proto__\\": {\\"polluted\\": true}, \\"toJSON\\": 1}",
  "text": "\${input.secret} $<input.secret> \`\${1}\` */ ' \\" {{constructor.constructor('return process')()}} <%= 1 %> #{1} \\u2028 \\u0000",
  "secret": "s3cret", "pattern": "(a+)+$", "code": "globalThis.canary = 'sprung'"
}`);

import { approval } from './approval.ts';
import { assert } from './assert.ts';
import { http } from './http/http.ts';
import { log } from './log.ts';
import type { Operation } from './operation.ts';
import { data } from './storage/data.ts';
import { storage } from './storage/storage.ts';
import { think } from './think/think.ts';
import { transform } from './transform/transform.ts';
import { wait } from './wait.ts';

/** Every operation but `code`, which the engine runs itself, by the name that `operation:` gives. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [http, storage, data, think, transform, wait, approval, assert, log].map((operation) => [operation.name, operation]),
);

import { describe, expect, test } from 'vitest';
import { suggest } from '../../src/program/suggest.ts';

describe('suggest', () => {
  test('finds the word that was mistyped', () => {
    expect(suggest('promt', ['model', 'prompt', 'system'])).toBe('prompt');
    expect(suggest('conditon', ['config', 'condition'])).toBe('condition');
    expect(suggest('nam', ['name', 'input'])).toBe('name');
  });

  test('finds the word of which two neighbours changed places', () => {
    expect(suggest('inptu', ['input', 'inputs'])).toBe('input');
    expect(suggest('nmae', ['name', 'input'])).toBe('name');
  });

  test('finds the word that was cut short or drawn out', () => {
    expect(suggest('warning', ['debug', 'info', 'warn', 'error'])).toBe('warn');
    expect(suggest('desc', ['description', 'default'])).toBe('description');
    expect(suggest('in', ['input', 'index'])).toBe(undefined);
  });

  test('sees through case, hyphens and underscores', () => {
    expect(suggest('Max_Attempts', ['maxDelay', 'maxAttempts'])).toBe('maxAttempts');
    expect(suggest('fetch_user', ['fetch-users', 'fetch-user'])).toBe('fetch-user');
  });

  test('is silent when nothing is near', () => {
    expect(suggest('zebra', ['input', 'output'])).toBe(undefined);
    expect(suggest('x', ['y'])).toBe(undefined);
    expect(suggest('', ['a'])).toBe(undefined);
  });

  test('a word that is a candidate suggests another one only if that is near', () => {
    expect(suggest('input', ['input', 'inputs'])).toBe('inputs');
  });
});

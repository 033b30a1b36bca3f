import { InvalidArgumentError } from 'commander';
import { NETWORK_NAME } from '../inference/catalogue-schema.ts';

/*
 * What a person types after an option, as a value. Each throws InvalidArgumentError, of which commander makes a sentence
 * that names the option and what was typed.
 */

/** A network's name in the catalogue, such as `starry-night`. */
export function toName(value: string): string {
  if (NETWORK_NAME.test(value)) return value;
  throw new InvalidArgumentError('Give lower-case words joined by hyphens, such as starry-night.');
}

/** Any finite number. */
export function toNumber(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Give a number.');
}

/** A whole number above 0. */
export function toCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

/** Whole numbers above 0 between commas. */
export function toCounts(value: string): number[] {
  return value.split(',').map(toCount);
}

/** A number from 0 to 1: how much of the painting is in the result. */
export function toStrength(value: string): number {
  const strength = Number(value);
  if (value.trim() !== '' && strength >= 0 && strength <= 1) return strength;
  throw new InvalidArgumentError('Give a number from 0 to 1, such as 0.7.');
}

/** A year, negative before our era. */
export function toYear(value: string): number {
  const year = Number(value);
  if (value.trim() !== '' && Number.isSafeInteger(year)) return year;
  throw new InvalidArgumentError('Give a whole number, such as 1889.');
}

/** Words that say something. */
export function toText(value: string): string {
  if (value.trim() !== '') return value.trim();
  throw new InvalidArgumentError('Give at least a word.');
}

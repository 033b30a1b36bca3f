import { randomBytes } from 'node:crypto';

/** An id as Slack's look: a letter or two that say what it is, and capitals. */
export function slackId(prefix: string): string {
  return prefix + randomBytes(5).toString('hex').toUpperCase();
}

/** A secret as it stands in tokens and addresses. */
export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

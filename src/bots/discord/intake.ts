import { refuse } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Registry } from '../../commands/registry.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { exampleLine } from '../../commands/usage.ts';
import { ImpastoError, UserError } from '../../errors.ts';
import type { Inspection } from '../../images/decode.ts';
import type { Fetch } from '../../images/fetch.ts';
import type { Artefacts, IntakeHandler, IntakePart } from '../../queue/contract.ts';
import { takeKept } from '../kept-intake.ts';
import { isTrouble } from './api-errors.ts';
import { type FindOptions, type Found, findPictures } from './find-pictures.ts';
import { picturesOf } from './pictures-of.ts';
import { type Link, readSource } from './source.ts';

/** What intake works with. */
export interface IntakeOptions extends FindOptions {
  readonly artefacts: Artefacts;
  readonly registry: Registry;
  /** Decodes strangers' bytes, so it belongs in a child process. */
  readonly inspect: (bytes: Buffer) => Promise<Inspection>;
  readonly fetch: Fetch;
}

/** Finds what a request points to, fetches it from Discord's servers and stores it. */
export function createIntake(options: IntakeOptions): IntakeHandler<CommandRequest> {
  const { artefacts, registry } = options;

  return async (request, _place, signal) => {
    const { where, what } = readSource(request);
    if (what.kind === 'kept') return await takeKept(artefacts, what);
    const messages = messagesFor(request.person.locale);
    const command = registry.commands.find(({ name }) => name === request.command);
    const example = command === undefined ? request.command : exampleLine(command, registry);
    const found = await findPictures(options, what, where, example, messages);
    const parts: IntakePart[] = [];
    for (const link of found.links) {
      signal.throwIfAborted();
      parts.push(await take(options, link, found.from, messages, signal));
    }
    return parts;
  };
}

async function take(
  options: IntakeOptions,
  link: Link,
  from: Found['from'],
  messages: Messages,
  signal: AbortSignal,
): Promise<IntakePart> {
  const { artefacts, inspect } = options;
  try {
    if (link.refused !== undefined) {
      throw refuse(messages, 'image-format-unsupported', { format: 'Lottie' });
    }
    const bytes = await fetchFresh(options, link, from, signal);
    const info = await artefacts.put(bytes, await inspect(bytes));
    const { alt, spoiler } = link;
    const carried = { ...(alt === undefined ? {} : { alt }), ...(spoiler === undefined ? {} : { spoiler }) };
    return { source: { ...info, ...carried } };
  } catch (error) {
    if (error instanceof ImpastoError) return { error };
    throw error;
  }
}

/** Addresses of attachments end after a day: then Discord is asked for a new one. */
async function fetchFresh(
  options: IntakeOptions,
  link: Link,
  from: Found['from'],
  signal: AbortSignal,
): Promise<Buffer> {
  const { fetch } = options;
  try {
    return (await fetch(link.url, { signal })).bytes;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'picture-link-expired') throw error;
    const url = await freshAddress(options, link, from);
    if (url === undefined || url === link.url) throw error;
    return (await fetch(url, { signal })).bytes;
  }
}

async function freshAddress(
  { api, cdn }: IntakeOptions,
  link: Link,
  from: Found['from'],
): Promise<string | undefined> {
  if (from !== undefined) {
    const message = await unlessGone(() => api.message(from.channel, from.message));
    const again =
      message === undefined ? undefined : picturesOf(message, cdn).find(({ id }) => id === link.id);
    if (again !== undefined) return again.url;
  }
  return await unlessGone(() => api.refresh(link.url));
}

/** Where Discord does not show it, the old address is all there is. */
async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isTrouble(error, 'discord-away', 'discord-busy') || !(error instanceof ImpastoError)) throw error;
    return undefined;
  }
}

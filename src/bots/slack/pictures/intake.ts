import type { CommandRequest } from '../../../commands/request.ts';
import { ImpastoError, UserError } from '../../../errors.ts';
import type { Inspection } from '../../../images/decode.ts';
import type { Artefacts, IntakeHandler, IntakePart } from '../../../queue/contract.ts';
import type { Json } from '../../../queue/request.ts';
import { keptSourceOf, takeKept } from '../../kept-intake.ts';
import { calling } from '../errors.ts';
import type { Voice, Workspaces } from '../workspaces.ts';
import { type DownloadOptions, download } from './download.ts';
import { latestPictured, messageAt, recentMessages } from './history.ts';
import { type PicturePointer, picturesOf } from './message.ts';
import { type SlackSource, sourceOf } from './source.ts';

/** What intake is made from. */
export interface IntakeOptions extends DownloadOptions {
  readonly artefacts: Artefacts;
  readonly workspaces: Workspaces;
  /** Decodes strangers' bytes in a child process. */
  readonly inspect: (bytes: Buffer) => Promise<Inspection>;
  /** Pictures that one request takes at most. */
  readonly mostPictures: number;
  /** A line that asks for a picture, for whoever gave none. */
  readonly example: string;
  /** Called before a picture is fetched, once it is known that there is one. */
  readonly found: (request: CommandRequest, place: Json | undefined) => Promise<void>;
}

/**
 * Intake: find the pictures that a request points to, fetch and store each. What the handler throws is UserError
 * `picture-not-found`, `pictures-too-many`, and what `download` and `calling` throw.
 */
export function createIntake(options: IntakeOptions): IntakeHandler<CommandRequest> {
  const { artefacts, workspaces, mostPictures } = options;

  async function one(voice: Voice, pointer: PicturePointer, signal: AbortSignal): Promise<IntakePart> {
    try {
      const { bytes, alt } = await download(voice, pointer, options, signal);
      const info = await options.inspect(bytes);
      const stored = await artefacts.put(bytes, info);
      return { source: { ...stored, ...(alt === undefined || alt === '' ? {} : { alt }) } };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ImpastoError) return { error };
      throw error;
    }
  }

  return async (request, place, signal) => {
    const kept = keptSourceOf(request.source);
    if (kept !== undefined) {
      await options.found(request, place);
      return takeKept(artefacts, kept);
    }
    const source = sourceOf(request.source);
    const voice = await workspaces.voice(source.workspace);
    const pointers = await pointersOf(voice, source);
    if (pointers.length === 0) throw notFound(options.example);
    if (pointers.length > mostPictures) throw tooMany(mostPictures);
    signal.throwIfAborted();
    await options.found(request, place);
    const parts: IntakePart[] = [];
    for (const pointer of pointers) parts.push(await one(voice, pointer, signal));
    return parts;
  };
}

async function pointersOf(voice: Voice, source: SlackSource): Promise<readonly PicturePointer[]> {
  switch (source.kind) {
    case 'files':
      return source.files.map((file) => ({ kind: 'file', file }));
    case 'message': {
      const message = await messageAt(voice, source.channel, source.ts);
      return message === undefined ? [] : picturesOf(message);
    }
    case 'avatar':
      return avatarOf(voice, source.user);
    case 'latest': {
      const { channel, thread, before } = source;
      const messages = await recentMessages(voice, { channel, thread, until: before });
      const latest = latestPictured(messages, source.user);
      return latest === undefined ? [] : picturesOf(latest);
    }
  }
}

async function avatarOf({ client }: Voice, user: string): Promise<readonly PicturePointer[]> {
  const { user: found } = await calling('users.info', client.users.info({ user }));
  const { image_original: original, image_1024: large, image_512: medium } = found?.profile ?? {};
  const address = original ?? large ?? medium;
  return address === undefined ? [] : [{ kind: 'address', address }];
}

function notFound(example: string): UserError {
  return new UserError(
    'picture-not-found',
    'I found no picture. Mention me in a message that has one, or use “Stylize…” in that message’s menu.',
    { data: { example } },
  );
}

function tooMany(most: number): UserError {
  return new UserError('pictures-too-many', `I take at most ${most} pictures at once. Please send fewer.`, {
    data: { most },
  });
}

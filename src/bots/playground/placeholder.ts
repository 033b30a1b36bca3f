import { z } from 'zod';
import type { Reply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import type { Message, Picture } from './page/wire.ts';
import type { StoredMessage } from './stored.ts';

/** Where a request of the playground comes from: what its `source` holds. */
export interface PlaygroundSource {
  readonly picture: string;
  /** The message that asked, or was reacted to. */
  readonly message: string;
}

const source: z.ZodType<PlaygroundSource> = z.object({ picture: z.string(), message: z.string() });

/** @throws where another platform's request got here: a defect */
export function sourceOf(request: CommandRequest): PlaygroundSource {
  return source.parse(request.source);
}

/** The placeholder's id follows from the request, so it is known before either exists. */
export function placeholderId(request: string): string {
  return `r-${request}`;
}

/** The message that stands for a request, while it is open and after. */
export function placeholder(
  request: CommandRequest,
  state: NonNullable<Message['request']>['state'],
  reply: Reply,
  more: { readonly pictures?: readonly Picture[]; readonly replyTo?: string } = {},
): StoredMessage {
  return {
    id: placeholderId(request.id),
    at: request.createdAt,
    author: 'impasto',
    tone: reply.tone,
    text: reply.text,
    replyTo: more.replyTo ?? sourceOf(request).message,
    pictures: more.pictures ?? [],
    request: { id: request.id, state },
    buttons: buttonViews(reply),
  };
}

/** The buttons that the page has; what the others do is done here by a command or an emoji. */
export function buttonViews({ buttons }: Reply): Message['buttons'] {
  return buttons
    .filter(({ action }) => action === 'cancel')
    .map(({ action, label, request }) => ({ action, label, request }));
}

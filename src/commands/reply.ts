import type { ArtefactInfo, FailureOutcome, Outcome, PictureOutcome, Progress } from '../queue/request.ts';
import { messagesFor } from './messages/language.ts';
import type { Messages } from './messages/messages.ts';
import type { CommandRequest } from './request.ts';
import { artworkLabel, type StyleInfo } from './style-info.ts';

/** Something a person can press below a reply. */
export interface Button {
  readonly action: 'cancel';
  readonly label: string;
  /** The request it acts on. */
  readonly request: string;
}

/** What an adapter renders by its platform's own habits. Texts are plain, and may hold line breaks. */
export interface Reply {
  readonly text: string;
  /** `hint`: a kind pointer, for the asker's eyes where the platform can; `failure`: it did not work. */
  readonly tone: 'plain' | 'hint' | 'failure';
  readonly picture?: ReplyPicture;
  readonly buttons: readonly Button[];
}

/** A result, to be shown. */
export interface ReplyPicture {
  readonly artefact: ArtefactInfo;
  /** The text alternative. */
  readonly alt: string;
  /** Without an ending: the adapter adds that of the content type. */
  readonly fileName: string;
}

/** A reply of words alone. */
export function textReply(text: string, tone: Reply['tone'] = 'plain'): Reply {
  return { text, tone, buttons: [] };
}

/** What stands in the place until the outcome does. */
export function placeholderReply(request: CommandRequest): Reply {
  const messages = messagesFor(request.person.locale);
  return {
    text: messages.accepted,
    tone: 'plain',
    buttons: [{ action: 'cancel', label: messages.cancel, request: request.id }],
  };
}

/** What takes the placeholder's place in the end. */
export function outcomeReply(request: CommandRequest, outcome: Outcome, styles: readonly StyleInfo[]): Reply {
  const messages = messagesFor(request.person.locale);
  switch (outcome.kind) {
    case 'pictures': {
      const [part] = outcome.parts;
      if (part?.kind === 'picture') return pictureReply(request, part, styles, messages);
      throw new RangeError('expected a request for one picture');
    }
    case 'failure':
      return textReply(failureText(outcome, messages), 'failure');
    case 'cancelled':
      return textReply(messages.cancelled);
  }
}

/** Progress in a sentence; undefined where the outcome will speak for itself. */
export function progressText(progress: Progress, messages: Messages): string | undefined {
  switch (progress.state) {
    case 'accepted':
    case 'fetching':
    case 'delivering':
      return messages[progress.state];
    case 'waiting':
      return messages.waiting({ before: progress.before });
    case 'running':
      return messages.running({
        percent: progress.fraction === undefined ? undefined : Math.floor(progress.fraction * 100),
      });
    case 'answered':
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}

function failureText(outcome: FailureOutcome, messages: Messages): string {
  const { userMessage: sentence, incident } = outcome;
  // The sentence for what nobody foresaw names the incident by itself.
  return sentence.includes(incident) ? sentence : messages.failed({ sentence, incident });
}

function pictureReply(
  request: CommandRequest,
  outcome: PictureOutcome,
  styles: readonly StyleInfo[],
  messages: Messages,
): Reply {
  const { network } = request.task;
  const style = styles.find(({ name }) => name === network);
  // A style may be taken out of the catalogue while its last request is on the way.
  const artwork = style === undefined ? network : artworkLabel(style);
  return {
    text: messages.painted({ artwork, seconds: outcome.seconds }),
    tone: 'plain',
    picture: {
      artefact: outcome.artefact,
      alt: messages.paintingAlt({ artwork }),
      fileName: `impasto-${network}-${request.id.slice(0, 8)}`,
    },
    buttons: [],
  };
}

import type { ArtefactInfo, Outcome, Progress } from '../queue/request.ts';
import { type Failure, failureText, type WriteMoment } from './messages/failures.ts';
import { messagesFor } from './messages/language.ts';
import type { Messages } from './messages/messages.ts';
import type { Registry } from './registry.ts';
import type { CommandRequest } from './request.ts';
import { artworkLabel, type StyleInfo } from './style-info.ts';
import { upscalersFor } from './upscaler-info.ts';

type Pictures = Extract<Outcome, { kind: 'pictures' }>;
type Picture = Extract<Pictures['parts'][number], { kind: 'picture' }>;

/** What the catalogue offers, as far as replies speak of it. */
type Offers = Pick<Registry, 'styles' | 'upscalers'> & Partial<Pick<Registry, 'upscalePixels'>>;

/** Letters of a source's own text alternative that are carried over; platforms take about a thousand in all. */
const ALT_LENGTH = 800;

/** What a button does to the request that it names. */
export type Action = 'cancel' | 'restyle' | 'strength' | 'upscale' | 'delete';

/** Something a person can press below a reply. `press.ts` tells what becomes of it. */
export interface Button {
  readonly action: Action;
  readonly label: string;
  /** The request it acts on. */
  readonly request: string;
  /** True for what takes something away. */
  readonly danger?: boolean;
}

/** What an adapter renders by its platform's own habits. Texts are plain, and may hold line breaks. */
export interface Reply {
  readonly text: string;
  /** `hint`: a kind pointer, for the asker's eyes where the platform can; `failure`: it did not work. */
  readonly tone: 'plain' | 'hint' | 'failure';
  /** In the order of their sources. */
  readonly pictures: readonly ReplyPicture[];
  readonly buttons: readonly Button[];
  /** Styles to be shown as a gallery with previews, where the platform can; the text names them too. */
  readonly gallery?: readonly StyleInfo[];
}

/** A result, to be shown. */
export interface ReplyPicture {
  readonly artefact: ArtefactInfo;
  /** The text alternative. */
  readonly alt: string;
  /** Without an ending: the adapter adds that of the content type. */
  readonly fileName: string;
  /** True where its source was hidden as a spoiler. */
  readonly spoiler: boolean;
}

/** A reply of words alone. */
export function textReply(text: string, tone: Reply['tone'] = 'plain'): Reply {
  return { text, tone, pictures: [], buttons: [] };
}

/** What stands in the place until the outcome does. */
export function placeholderReply(request: CommandRequest): Reply {
  const messages = messagesFor(request.person.locale);
  return {
    ...textReply(messages.accepted),
    buttons: [{ action: 'cancel', label: messages.cancel, request: request.id }],
  };
}

/**
 * What takes the placeholder's place in the end, in the language of whoever asked.
 * @param moment how the platform writes a moment
 */
export function outcomeReply(
  request: CommandRequest,
  outcome: Outcome,
  registry: Offers,
  moment?: WriteMoment,
): Reply {
  const messages = messagesFor(request.person.locale);
  switch (outcome.kind) {
    case 'pictures':
      return picturesReply(request, outcome, registry, messages, moment);
    case 'failure':
      return removable(request, textReply(failureText(outcome, messages, moment), 'failure'), messages);
    case 'cancelled':
      return removable(request, textReply(messages.cancelled), messages);
  }
}

/** Words that whoever asked need not leave standing. */
export function removable(request: CommandRequest, reply: Reply, messages: Messages): Reply {
  return { ...reply, buttons: [deleteButton(request, messages)] };
}

/**
 * Progress in a sentence; undefined where the outcome will speak for itself.
 * @param request tells painting from enlarging; painting where it is left out
 */
export function progressText(
  progress: Progress,
  messages: Messages,
  request?: Pick<CommandRequest, 'command'>,
): string | undefined {
  switch (progress.state) {
    case 'accepted':
    case 'fetching':
    case 'delivering':
      return messages[progress.state];
    case 'waiting':
      return messages.waiting({ before: progress.before, wait: waitText(progress.seconds, messages) });
    case 'running': {
      const { fraction } = progress;
      const percent = fraction === undefined ? undefined : Math.floor(fraction * 100);
      return request?.command === 'upscale' ? messages.upscaling({ percent }) : messages.running({ percent });
    }
    case 'answered':
    case 'failed':
    case 'cancelled':
    case 'unposted':
      return undefined;
  }
}

/** No more exactly than one can know: tens of seconds, then minutes. Nothing where it is a moment, or unknown. */
function waitText(seconds: number | undefined, messages: Messages): string | undefined {
  if (seconds === undefined || seconds < 10) return undefined;
  if (seconds <= 50) return messages.seconds({ seconds: 10 * Math.ceil(seconds / 10) });
  return messages.minutes({ minutes: Math.ceil(seconds / 60) });
}

function picturesReply(
  request: CommandRequest,
  { parts }: Pictures,
  registry: Offers,
  messages: Messages,
  moment: WriteMoment | undefined,
): Reply {
  const made = parts.filter((part) => part.kind === 'picture');
  const failures = parts.flatMap((part, index) =>
    part.kind === 'failure' ? [partFailed(part, index + 1, messages, moment)] : [],
  );
  const seconds = made.reduce((sum, part) => sum + part.seconds, 0);
  const work = workOf(request, registry, messages);
  return {
    text: [work.head(made.length, seconds), ...made.flatMap(work.line), ...failures].join('\n'),
    tone: 'plain',
    pictures: made.map((part, index): ReplyPicture => {
      const number = made.length === 1 ? '' : `-${index + 1}`;
      return {
        artefact: part.artefact,
        alt: work.alt(part),
        fileName: `impasto-${request.task.network}-${request.id.slice(0, 8)}${number}`,
        spoiler: part.source.spoiler ?? false,
      };
    }),
    buttons: resultButtons(request, made, registry, messages),
  };
}

function partFailed(
  failure: Failure,
  number: number,
  messages: Messages,
  moment: WriteMoment | undefined,
): string {
  return messages.partFailed({ number, sentence: failureText(failure, messages, moment) });
}

/** How results of one kind of work are spoken of. */
interface Work {
  head(pictures: number, seconds: number): string;
  line(part: Picture): readonly string[];
  alt(part: Picture): string;
}

function workOf({ command, task }: CommandRequest, registry: Offers, messages: Messages): Work {
  if (command === 'upscale') {
    const factor = registry.upscalers.find(({ name }) => name === task.network)?.factor;
    return {
      head: (pictures, seconds) => messages.upscaled({ factor, pictures, seconds }),
      line: ({ source, artefact }) => [messages.sizes({ from: size(source), to: size(artefact) })],
      alt: ({ source, artefact }) =>
        messages.upscaledAlt({ size: size(artefact), alt: shortAlt(source.alt) }),
    };
  }
  const style = registry.styles.find(({ name }) => name === task.network);
  // A style may be taken out of the catalogue while its last request is on the way.
  const artwork = style === undefined ? task.network : artworkLabel(style);
  return {
    head: (pictures, seconds) => messages.painted({ artwork, pictures, seconds }),
    line: () => [],
    alt: ({ source }) => messages.paintingAlt({ artwork, alt: shortAlt(source.alt) }),
  };
}

function resultButtons(
  request: CommandRequest,
  made: readonly Picture[],
  registry: Offers,
  messages: Messages,
): readonly Button[] {
  const { button, messageAction } = messages;
  const of = (action: Button['action'], label: string): Button => ({ action, label, request: request.id });
  const painted = request.command === 'stylize';
  const results = made.map(({ artefact }) => artefact);
  const grows = upscalersFor(registry.upscalers, results, registry.upscalePixels).length > 0;
  return [
    ...(painted && registry.styles.length > 1 ? [of('restyle', button.restyle)] : []),
    ...(!painted && registry.styles.length > 0 ? [of('restyle', messageAction.stylize)] : []),
    ...(painted ? [of('strength', button.strength)] : []),
    ...(grows ? [of('upscale', button.upscale)] : []),
    deleteButton(request, messages),
  ];
}

function deleteButton({ id: request }: CommandRequest, { button }: Messages): Button {
  return { action: 'delete', label: button.delete, request, danger: true };
}

/** `640 × 480`. */
function size({ width, height }: ArtefactInfo): string {
  return `${width} × ${height}`;
}

function shortAlt(alt: string | undefined): string | undefined {
  const letters = [...(alt?.trim() ?? '')];
  if (letters.length === 0) return undefined;
  return letters.length <= ALT_LENGTH ? letters.join('') : `${letters.slice(0, ALT_LENGTH - 1).join('')}…`;
}

import { createHash } from 'node:crypto';
import type { Json, Outcome, Source, Task } from '../queue/request.ts';
import { animation } from './animation-option.ts';
import type { Choice } from './command.ts';
import { findStyle } from './find-style.ts';
import { refuse } from './messages/failures.ts';
import { messagesFor } from './messages/language.ts';
import type { Messages } from './messages/messages.ts';
import { numberOf, readOptions } from './options.ts';
import type { Registry } from './registry.ts';
import type { Action } from './reply.ts';
import { type CommandRequest, createRequest } from './request.ts';
import { styleLabel } from './style-info.ts';
import { stylize } from './stylize.ts';
import { upscale } from './upscale.ts';
import { upscalerLabel, upscalersFor, usualUpscaler } from './upscaler-info.ts';

/** A button below a request's message, as somebody pressed it; or what they chose after it. */
export interface Pressed {
  readonly action: Action;
  readonly request: string;
  /** Who pressed it. */
  readonly person: string;
  /** Of the person; that of whoever asked where left out. */
  readonly locale?: string;
  /** Whether they moderate the place. */
  readonly moderates: boolean;
  /** For restyle: a network; for strength: 0 to 1, as `readStrength` takes it; for upscale: a network. */
  readonly choice?: string | number;
}

/** What is offered where a strength is chosen from a list. */
export const STRENGTHS: readonly number[] = [0.25, 0.5, 0.75, 1];

/**
 * What to offer where an action needs a choice; undefined where it needs none. A single upscaler is no choice.
 * @param messages the language of whoever chooses
 * @param outcome what the request made, so that nothing is offered for which it is too large
 */
export function choicesOf(
  action: Action,
  request: CommandRequest,
  registry: Pick<Registry, 'styles' | 'upscalers'> & Partial<Pick<Registry, 'upscalePixels'>>,
  messages: Messages,
  outcome?: Outcome,
): readonly Choice[] | undefined {
  switch (action) {
    case 'restyle':
      return registry.styles
        .filter(({ name }) => name !== request.task.network)
        .map((style) => ({ value: style.name, label: styleLabel(style) }));
    case 'strength':
      return STRENGTHS.filter((strength) => strength !== strengthOf(request.task)).map((strength) => ({
        value: String(strength),
        label: messages.percent({ percent: strength * 100 }),
      }));
    case 'upscale': {
      const { upscalers, upscalePixels } = registry;
      if (upscalers.length < 2) return undefined;
      const fitting = upscalersFor(upscalers, resultsOf(outcome), upscalePixels);
      const offered = fitting.length === 0 ? upscalers : fitting;
      return offered.map((each) => ({ value: each.name, label: upscalerLabel(each) }));
    }
    case 'cancel':
    case 'delete':
      return undefined;
  }
}

/** Whether somebody may have a request's message taken away. */
export function mayDelete(pressed: Pressed, request: CommandRequest): boolean {
  return pressed.moderates || pressed.person === request.person.id;
}

/**
 * The stored pictures that an action works on: what a request made, for enlarging, and for painting what was enlarged;
 * what it was made from, for painting it anew.
 */
export function picturesFor(
  action: Action,
  { command }: Pick<CommandRequest, 'command'>,
  sources: readonly Source[],
  outcome: Outcome | undefined,
): readonly Source[] {
  return action === 'upscale' || command !== stylize.name ? resultsOf(outcome) : sources;
}

function resultsOf(outcome: Outcome | undefined): readonly Source[] {
  if (outcome?.kind !== 'pictures') return [];
  return outcome.parts.flatMap((part) => {
    if (part.kind !== 'picture') return [];
    const { alt, spoiler } = part.source;
    return [
      {
        ...part.artefact,
        ...(alt === undefined ? {} : { alt }),
        ...(spoiler === undefined ? {} : { spoiler }),
      },
    ];
  });
}

/**
 * The new request that a pressed button, or the choice after it, asks for. A double click makes the same wish twice,
 * so the queue makes one job of it.
 * @param eventKey the platform's id of the press
 * @param old the request whose message the button stands below
 * @param kept what `picturesFor` gives, as far as it is still stored
 * @throws UserError `picture-gone`, `style-unknown`, `upscaler-unknown`, `strength-out-of-range`
 */
export function requestFromPress(
  pressed: Pressed,
  eventKey: string,
  old: CommandRequest,
  kept: readonly Source[],
  registry: Registry,
  now: number,
): CommandRequest {
  const locale = pressed.locale ?? old.person.locale;
  const messages = messagesFor(locale);
  const { command, task } = wishOf(pressed, old, registry, messages);
  if (kept.length === 0) throw refuse(messages, 'picture-gone');
  const hashes = kept.map(({ hash }) => hash);
  const place = createHash('sha256').update(hashes.join(' ')).digest('hex');
  return createRequest({
    platform: old.platform,
    command,
    trigger: 'button',
    person: { id: pressed.person, locale },
    ...(old.server === undefined ? {} : { server: old.server }),
    eventKey,
    picture: { source: { kind: 'kept', sources: kept.map(toJson) }, target: `kept/${old.id}/${place}` },
    task,
    now,
  });
}

function wishOf(
  { action, choice }: Pressed,
  { command, task: old }: CommandRequest,
  registry: Registry,
  messages: Messages,
): { readonly command: string; readonly task: Task } {
  switch (action) {
    case 'restyle': {
      const { name } = findStyle(String(choice ?? ''), registry, messages);
      if (command === stylize.name) return { command, task: { network: name, options: old.options } };
      const { style: _, ...options } = Object.fromEntries(
        readOptions(stylize, new Map([['style', name], ...shared(old)]), registry, messages),
      );
      return { command: stylize.name, task: { network: name, options } };
    }
    case 'strength': {
      const strength = readStrength(choice, messages);
      return {
        command: stylize.name,
        task: { network: old.network, options: { ...old.options, strength } },
      };
    }
    case 'upscale': {
      const upscaler =
        choice === undefined
          ? usualUpscaler(registry.upscalers)
          : registry.upscalers.find(({ name }) => name === choice);
      if (upscaler === undefined) throw refuse(messages, 'upscaler-unknown');
      return {
        command: upscale.name,
        task: { network: upscaler.name, options: Object.fromEntries(shared(old)) },
      };
    }
    case 'cancel':
    case 'delete':
      throw new RangeError(`expected an action that makes a request but received ${action}`);
  }
}

/** The options that painting and enlarging have in common. */
function shared({ options }: Task): readonly [name: string, value: string][] {
  const value = options[animation.name];
  return typeof value === 'string' ? [[animation.name, value]] : [];
}

/**
 * A strength as it is chosen from a list, or typed: `0.35`, `35%`.
 * @throws UserError `strength-out-of-range`
 */
export function readStrength(typed: string | number | undefined, messages: Messages): number {
  const strength = numberOf(String(typed ?? ''));
  if (strength === undefined || strength < 0 || strength > 1) throw refuse(messages, 'strength-out-of-range');
  return strength;
}

function strengthOf({ options }: Task): number {
  return typeof options.strength === 'number' ? options.strength : 1;
}

function toJson({ hash, contentType, bytes, width, height, alt, spoiler }: Source): Json {
  return {
    hash,
    contentType,
    bytes,
    width,
    height,
    ...(alt === undefined ? {} : { alt }),
    ...(spoiler === undefined ? {} : { spoiler }),
  };
}

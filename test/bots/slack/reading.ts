import { eventually } from '../../queue/support.ts';
import type { SeenMessage } from './peer/ledger.ts';
import type { Acted, Said } from './peer/person.ts';
import type { SlackPeer } from './peer/slack-peer.ts';

/** The one answer to something asked, once it is no longer about to change; fails where there are more. */
export async function finalAnswer(
  peer: SlackPeer,
  asked: Said | Acted,
  limitMs = 15_000,
): Promise<SeenMessage> {
  const [found, ...others] = await eventually(() => {
    const all = forAll(peer, asked);
    return all.length > 0 && all.every((each) => !isOpen(each)) ? all : undefined;
  }, limitMs);
  await peer.idle();
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} answers`);
  return found;
}

/** What the asker alone was told. */
export function hintTo(peer: SlackPeer, asked: Said | Acted, limitMs = 8_000): Promise<SeenMessage> {
  return eventually(() => peer.answers(asked).find(({ ephemeralTo }) => ephemeralTo !== undefined), limitMs);
}

/** The next answer after the first that holds a picture. */
export function further(
  peer: SlackPeer,
  asked: Said | Acted,
  first: SeenMessage,
  limitMs = 8_000,
): Promise<SeenMessage> {
  return eventually(
    () =>
      peer
        .answers(asked)
        .find(({ ts, blocks }) => ts !== first.ts && JSON.stringify(blocks).includes('slack_file')),
    limitMs,
  );
}

/** The answers that all can see. */
export function forAll(peer: SlackPeer, asked: Said | Acted): readonly SeenMessage[] {
  return peer.answers(asked).filter(({ ephemeralTo }) => ephemeralTo === undefined);
}

/** The id of the element that does this below an answer. */
export function element(answer: SeenMessage, action: string): string {
  const [, id] =
    new RegExp(`"(impasto\\.${action}\\.[0-9a-f-]{36})"`).exec(JSON.stringify(answer.blocks)) ?? [];
  if (id === undefined) throw new Error(`no ${action} below “${answer.text}”`);
  return id;
}

/** It can still be cancelled. */
export function isOpen({ blocks, text }: SeenMessage): boolean {
  return JSON.stringify(blocks).includes('impasto.cancel.') && text !== '';
}

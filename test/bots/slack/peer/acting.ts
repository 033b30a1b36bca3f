import { optionFaults } from './block-limits.ts';
import { answerOf, type DeliveryKind } from './deliveries.ts';
import { chosenValue, elementBy, optionsOf } from './elements.ts';
import { type Json, jsonAt, listAt, textAt } from './json.ts';
import type { SeenMessage } from './ledger.ts';
import { type Actor, interaction, messageJson, slashCommand, surface } from './payloads.ts';
import type { Acted, Person } from './person.ts';
import { respond } from './response-urls.ts';
import type { OpenView } from './view-book.ts';

type Acting = Pick<Person, 'slash' | 'shortcut' | 'press' | 'choose' | 'suggest'>;

/** Most options that an acknowledgement may load. */
const MOST_OPTIONS = 100;

/** Bring what a person did to the app, and see what it says within the acknowledgement. */
export async function act(actor: Actor, kind: DeliveryKind, payload: Json, channel?: string): Promise<Acted> {
  const { world, workspace, member } = actor;
  if (workspace.state !== 'installed') throw new Error('the app is not installed in this workspace');
  const at = Date.now();
  const delivery = await world.deliveries.deliver(kind, payload);
  const attempt = delivery.attempts.at(-1);
  const late = attempt?.failure === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
  return {
    at,
    user: member.id,
    channel,
    delivery,
    ackMs: attempt?.ackMs,
    error: delivery.acked ? undefined : late,
    answer: answerOf(delivery),
  };
}

export function createActing(actor: Actor): Acting {
  const { world, workspace, member } = actor;
  const trigger = () => world.triggers.issue(workspace.id, member.id);
  const now = () => `${Date.now() / 1000}`;

  const suggest: Acting['suggest'] = async (place, actionId, typed) => {
    const { blockId } = elementBy(blocksOf(place), actionId);
    const { answer } = await act(actor, 'interactive', {
      type: 'block_suggestion',
      ...interaction(actor),
      ...surface(actor, place),
      action_id: actionId,
      block_id: blockId,
      value: typed,
    });
    const options = optionsOf(answer);
    const faults = options.flatMap(optionFaults);
    if (options.length > MOST_OPTIONS) faults.push(`${options.length} options`);
    world.problems.push(...faults.map((fault) => `block_suggestion ${actionId}: ${fault}`));
    return options;
  };

  async function use(place: SeenMessage | OpenView, actionId: string, used: Json): Promise<Acted> {
    const { blockId, element } = elementBy(blocksOf(place), actionId);
    const action = { type: element.type, action_id: actionId, block_id: blockId, ...used, action_ts: now() };
    const channel = 'json' in place ? undefined : place.channel;
    const payload = {
      type: 'block_actions',
      ...interaction(actor),
      ...surface(actor, place),
      trigger_id: trigger(),
      actions: [action],
    };
    const acted = await act(actor, 'interactive', payload, channel);
    if (Object.keys(acted.answer).length > 0) {
      world.problems.push(
        `block_actions ${actionId}: the acknowledgement says ${JSON.stringify(acted.answer)}`,
      );
    }
    return acted;
  }

  return {
    suggest,
    async slash(channel, command, text = '') {
      if (!world.app.scopes.includes('commands')) throw new Error('the app has no commands');
      if (channel.kind !== 'im') await workspace.join(channel, member.id);
      const acted = await act(
        actor,
        'slash_commands',
        slashCommand(actor, channel, command, text),
        channel.id,
      );
      if ('text' in acted.answer || 'blocks' in acted.answer) {
        const about = { workspace, channel, user: member.id, original: undefined };
        const refused = await respond(world, about, acted.answer);
        if (refused !== undefined)
          world.problems.push(`${command}: the acknowledgement is refused: ${refused}`);
      }
      return acted;
    },
    async shortcut(callbackId, message) {
      const common = {
        ...interaction(actor),
        callback_id: callbackId,
        trigger_id: trigger(),
        action_ts: now(),
      };
      if (message === undefined) return act(actor, 'interactive', { type: 'shortcut', ...common });
      const channel = workspace.channels.get(message.channel);
      if (channel === undefined) throw new Error(`no channel ${message.channel}`);
      const payload = {
        type: 'message_action',
        ...common,
        message_ts: message.ts,
        message: world.files.dressEvent(messageJson(world, message)),
        channel: { id: channel.id, name: channel.name },
        response_url: world.responseUrls.issue({ workspace, channel, user: member.id, original: message.ts }),
      };
      return act(actor, 'interactive', payload, channel.id);
    },
    async press(place, actionId) {
      const { element } = elementBy(blocksOf(place), actionId);
      const value = 'value' in element ? { value: textAt(element, 'value') } : {};
      return use(place, actionId, { text: jsonAt(element, 'text'), ...value });
    },
    async choose(place, actionId, value, typed = '') {
      const { blockId, element } = elementBy(blocksOf(place), actionId);
      const loaded = element.type === 'external_select' ? await suggest(place, actionId, typed) : [];
      const { type: _type, ...chosen } = chosenValue(element, value, [...optionsOf(element), ...loaded]);
      if ('json' in place)
        world.views.remember(place.id, blockId, actionId, { type: element.type, ...chosen });
      return use(place, actionId, chosen);
    },
  };

  function blocksOf(place: SeenMessage | OpenView): readonly Json[] {
    if ('json' in place) {
      const open = world.views.find(place.id);
      if (open === undefined) throw new Error('the view is closed');
      return listAt(open.json, 'blocks');
    }
    if (place.deletedAt !== undefined) throw new Error('the message is gone');
    return place.blocks;
  }
}

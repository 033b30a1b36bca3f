import { act } from './acting.ts';
import { slackFileFaults, viewFaults } from './checking.ts';
import {
  type Answer,
  checkFiles,
  chosenValue,
  elementsOf,
  initialOf,
  optionsOf,
  type Placed,
} from './elements.ts';
import { isJson, type Json, jsonAt, listAt, textAt } from './json.ts';
import { type Actor, interaction } from './payloads.ts';
import type { Person } from './person.ts';
import { type Upload, uploadAs } from './uploads.ts';
import { named, type OpenView } from './view-book.ts';

type Modals = Pick<Person, 'submitView' | 'closeView'>;

/** Submitting and closing modals. */
export function createModals(actor: Actor, suggest: Person['suggest']): Modals {
  const { world, workspace, member } = actor;

  /** What the modal holds once `values` are put in, as the submission tells of it. */
  async function stateOf(view: OpenView, values: Readonly<Record<string, Answer>>): Promise<Json> {
    const remembered = jsonAt(jsonAt(view.json, 'state'), 'values');
    const state: Record<string, Record<string, unknown>> = {};
    for (const placed of elementsOf(listAt(view.json, 'blocks'))) {
      const { blockId, element, block } = placed;
      const actionId = textAt(element, 'action_id');
      if (element.type === 'button' || element.type === 'overflow') continue;
      const given = values[actionId];
      const before = jsonAt(remembered, blockId)[actionId];
      const value = given === undefined && isJson(before) ? before : await inputOf(view, placed, given);
      if (isEmpty(value) && block.type === 'input' && block.optional !== true) {
        throw new Error(`${actionId} must be filled in`);
      }
      state[blockId] = { ...state[blockId], [actionId]: value };
    }
    for (const actionId of Object.keys(values)) {
      const known = Object.values(state).some((block) => actionId in block);
      if (!known) throw new Error(`the modal has no ${actionId}`);
    }
    return { values: state };
  }

  async function inputOf(view: OpenView, { element }: Placed, given: Answer | undefined): Promise<Json> {
    const type = textAt(element, 'type');
    if (type === 'file_input') {
      const files = Array.isArray(given) ? given.filter(isUpload) : [];
      checkFiles(element, files);
      const told = files.length === 0 ? [] : await uploadAs(world, workspace, member, files, {}, true);
      return { type, files: world.files.dress(told) };
    }
    const answer = given === undefined ? initialOf(element) : textsOf(given);
    const loads = type === 'external_select' && typeof answer === 'string';
    const initial = isJson(element.initial_option) ? [element.initial_option] : [];
    const loaded =
      loads && given !== undefined ? await suggest(view, textAt(element, 'action_id'), '') : initial;
    return chosenValue(element, answer, [...optionsOf(element), ...loaded]);
  }

  /** What the acknowledgement of a submission does to the stack. */
  function follow(view: OpenView, answer: Json): void {
    const action = textAt(answer, 'response_action');
    if (action === 'errors') {
      const errors = Object.fromEntries(
        Object.entries(jsonAt(answer, 'errors')).map(([k, v]) => [k, String(v)]),
      );
      const inputs = listAt(view.json, 'blocks').filter((block) => block.type === 'input');
      const unknown = Object.keys(errors).filter((id) => !inputs.some((block) => block.block_id === id));
      if (unknown.length > 0)
        world.problems.push(`view_submission: errors on no input: ${unknown.join(', ')}`);
      world.views.fail(view, errors);
    } else if (action === 'update' || action === 'push') {
      const next = jsonAt(answer, 'view');
      const faults = [...viewFaults(world, next), ...slackFileFaults(world, workspace, next.blocks)];
      world.problems.push(...faults.map((fault) => `view_submission ${action}: ${fault}`));
      const json = { ...next, blocks: named(listAt(next, 'blocks')) };
      if (action === 'update') world.views.replace(view, json);
      else world.views.push(workspace, member.id, json);
    } else if (action === 'clear' || action === '') {
      world.views.close(view, action === 'clear');
    } else {
      world.problems.push(`view_submission: response_action ${action}`);
    }
  }

  return {
    async submitView(view, values = {}) {
      const open = world.views.find(view.id);
      if (open === undefined) throw new Error('the modal is closed');
      if (!isJson(open.json.submit)) throw new Error('the modal has nothing to submit');
      const state = await stateOf(open, values);
      const acted = await act(actor, 'interactive', {
        type: 'view_submission',
        ...interaction(actor),
        trigger_id: world.triggers.issue(workspace.id, member.id),
        view: { ...open.json, state },
        response_urls: [],
      });
      if (acted.error === undefined) follow(world.views.find(view.id) ?? open, acted.answer);
      return acted;
    },
    async closeView(view) {
      const open = world.views.find(view.id);
      if (open === undefined) throw new Error('the modal is closed');
      world.views.close(open, false);
      if (open.json.notify_on_close !== true) return undefined;
      const about = { view: open.json, is_cleared: false };
      return act(actor, 'interactive', { type: 'view_closed', ...interaction(actor), ...about });
    },
  };
}

function isUpload(value: unknown): value is Upload {
  return isJson(value) && typeof value.name === 'string' && value.bytes instanceof Uint8Array;
}

function textsOf(given: Answer): string | readonly string[] | null {
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : isText(given);
}

function isText(given: Answer): string | null {
  return typeof given === 'string' ? given : null;
}

function isEmpty({ type: _type, ...held }: Json): boolean {
  return Object.values(held).every(
    (value) => value === null || value === '' || (Array.isArray(value) && !value.length),
  );
}

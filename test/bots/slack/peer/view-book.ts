import { secret, slackId } from './ids.ts';
import { type Json, jsonAt, textAt } from './json.ts';

/** A view as it stands before a person. */
export interface OpenView {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  /** The view as Slack tells of it, with the ids of its blocks. */
  readonly json: Json;
  /** What the last submission was refused with, by block. */
  readonly errors: Readonly<Record<string, string>>;
}

/** The views of all people: a stack of modals each, and a home for each app. */
export interface ViewBook {
  find(id: string): OpenView | undefined;
  byExternalId(team: string, externalId: string): OpenView | undefined;
  /** The modals of a person, the one on top last. */
  modals(user: string): readonly OpenView[];
  home(user: string): OpenView | undefined;
  push(workspace: { readonly id: string; readonly botId: string }, user: string, view: Json): OpenView;
  publish(workspace: { readonly id: string; readonly botId: string }, user: string, view: Json): OpenView;
  replace(open: OpenView, view: Json): OpenView;
  fail(open: OpenView, errors: Readonly<Record<string, string>>): void;
  /** Keep what a person chose in the view, for when it is submitted. */
  remember(id: string, blockId: string, actionId: string, value: Json): void;
  /** Take the view away, or all that are open to its person. */
  close(open: OpenView, all: boolean): void;
}

export function createViewBook(appId: string): ViewBook {
  const stacks = new Map<string, OpenView[]>();
  const homes = new Map<string, OpenView>();
  const everyView = () => [...[...stacks.values()].flat(), ...homes.values()];
  const make = (
    about: Pick<OpenView, 'id' | 'team' | 'user' | 'rootId' | 'previousId'>,
    botId: string,
    view: Json,
  ): OpenView => ({
    ...about,
    errors: {},
    json: {
      private_metadata: '',
      callback_id: '',
      external_id: '',
      title: null,
      submit: null,
      close: null,
      clear_on_close: false,
      notify_on_close: false,
      state: { values: {} },
      ...view,
      id: about.id,
      team_id: about.team,
      hash: `${Date.now()}.${secret(4)}`,
      previous_view_id: about.previousId ?? null,
      root_view_id: about.rootId,
      app_id: appId,
      app_installed_team_id: about.team,
      bot_id: botId,
    },
  });
  function put(view: OpenView): OpenView {
    if (homes.get(view.user)?.id === view.id) homes.set(view.user, view);
    const stack = stacks.get(view.user) ?? [];
    const index = stack.findIndex(({ id }) => id === view.id);
    if (index >= 0) stack[index] = view;
    return view;
  }
  return {
    find: (id) => everyView().find((view) => view.id === id),
    byExternalId: (team, externalId) =>
      everyView().find((view) => view.team === team && textAt(view.json, 'external_id') === externalId),
    modals: (user) => stacks.get(user) ?? [],
    home: (user) => homes.get(user),
    push(workspace, user, view) {
      const stack = stacks.get(user) ?? [];
      const id = slackId('V');
      const about = {
        id,
        team: workspace.id,
        user,
        rootId: stack[0]?.id ?? id,
        previousId: stack.at(-1)?.id,
      };
      const open = make(about, workspace.botId, view);
      stacks.set(user, [...stack, open]);
      return open;
    },
    publish(workspace, user, view) {
      const id = homes.get(user)?.id ?? slackId('V');
      const about = { id, team: workspace.id, user, rootId: id, previousId: undefined };
      const open = make(about, workspace.botId, view);
      homes.set(user, open);
      return open;
    },
    replace: (open, view) => put(make(open, textAt(open.json, 'bot_id'), view)),
    fail: (open, errors) => {
      put({ ...open, errors });
    },
    remember(id, blockId, actionId, value) {
      const open = everyView().find((view) => view.id === id);
      if (open === undefined) return;
      const values = jsonAt(jsonAt(open.json, 'state'), 'values');
      const block = { ...jsonAt(values, blockId), [actionId]: value };
      put({ ...open, json: { ...open.json, state: { values: { ...values, [blockId]: block } } } });
    },
    close(open, all) {
      const stack = stacks.get(open.user) ?? [];
      stacks.set(open.user, all ? [] : stack.filter(({ id }) => id !== open.id));
    },
  };
}

/** What people did that lets the app open a view for a short time. */
export interface Triggers {
  issue(team: string, user: string): string;
  /** The person behind it, or Slack's error; good for one view. */
  exchange(id: string, team: string): { readonly user: string } | { readonly error: string };
}

export function createTriggers(triggerMs: number): Triggers {
  const issued = new Map<
    string,
    { readonly team: string; readonly user: string; readonly at: number; used: boolean }
  >();
  return {
    issue(team, user) {
      const id = `${Date.now()}.${issued.size}.${secret(8)}`;
      issued.set(id, { team, user, at: Date.now(), used: false });
      return id;
    },
    exchange(id, team) {
      const trigger = issued.get(id);
      if (trigger === undefined || trigger.team !== team) return { error: 'invalid_trigger_id' };
      if (trigger.used) return { error: 'exchanged_trigger_id' };
      if (Date.now() - trigger.at > triggerMs) return { error: 'expired_trigger_id' };
      trigger.used = true;
      return { user: trigger.user };
    },
  };
}

/** Blocks with the ids that Slack gives to those that have none. */
export function named(blocks: readonly Json[]): readonly Json[] {
  const element = (json: Json): Json =>
    'action_id' in json || !ACTING.has(textAt(json, 'type')) ? json : { ...json, action_id: secret(3) };
  return blocks.map((block) => ({
    ...block,
    block_id: textAt(block, 'block_id') || secret(3),
    ...(Array.isArray(block.elements) && block.type === 'actions'
      ? { elements: block.elements.map(element) }
      : {}),
    ...('accessory' in block ? { accessory: element(jsonAt(block, 'accessory')) } : {}),
    ...(block.type === 'input' ? { element: element(jsonAt(block, 'element')) } : {}),
  }));
}

const ACTING = new Set([
  'button',
  'static_select',
  'multi_static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'overflow',
  'radio_buttons',
  'checkboxes',
  'datepicker',
  'plain_text_input',
  'number_input',
  'file_input',
]);

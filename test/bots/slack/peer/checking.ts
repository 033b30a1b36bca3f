import { blockFaults, tooLong } from './block-limits.ts';
import { isJson, type Json, jsonAt, listAt, textAt, walkJson } from './json.ts';
import type { Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** What a method cannot do without, where the schema leaves it open. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['channel'],
  'chat.postEphemeral': ['channel', 'user'],
  'chat.update': ['channel', 'ts'],
  'files.completeUploadExternal': ['files'],
  'views.open': ['trigger_id', 'view'],
  'views.push': ['trigger_id', 'view'],
  'views.publish': ['user_id', 'view'],
  'views.update': ['view'],
};

/** Slack states no bound; what comes near this is no note on a message any more. */
const MOST_METADATA = 16_000;

/** What is wrong with a call's arguments, apart from its blocks and its view. */
export function argumentFaults(world: World, method: string, args: Json): readonly string[] {
  if (!world.schemas.knows(method)) return [`the peer knows no method ${method}`];
  // Bolt's clients name the workspace in every call, whether its method takes it or not.
  const { team_id: _team, ...own } = args;
  const missing = (REQUIRED[method] ?? []).filter((key) => args[key] === undefined || args[key] === '');
  return [
    ...missing.map((key) => `${key} is missing`),
    ...world.schemas.request(method, own),
    ...tooLong('text', args.text, 40_000),
    ...metadataFaults(world, args),
  ];
}

/** What Slack refuses in blocks, by the SDK's types and by its limits. */
export function blocksFaults(world: World, blocks: unknown, most: number): readonly string[] {
  if (!Array.isArray(blocks)) return ['blocks are no array'];
  const typed = blocks.filter(isJson).flatMap((block, index) => {
    const faults = world.schemas.block(block);
    return faults.map((fault) => `${fault} [json-pointer:/blocks/${index}]`);
  });
  return [...typed, ...blockFaults(blocks, most)];
}

/** What Slack refuses in a view. */
export function viewFaults(world: World, view: Json): readonly string[] {
  const blocks = listAt(view, 'blocks');
  const faults = [...world.schemas.view(view), ...blocksFaults(world, view.blocks, 100)];
  for (const key of ['title', 'submit', 'close']) faults.push(...tooLong(key, jsonAt(view, key).text, 24, 1));
  faults.push(...tooLong('private_metadata', view.private_metadata, 3000));
  faults.push(
    ...tooLong('callback_id', view.callback_id, 255),
    ...tooLong('external_id', view.external_id, 255),
  );
  const asks = blocks.some((block) => block.type === 'input');
  if (view.type === 'modal' && asks && !isJson(view.submit)) faults.push('a modal with inputs needs submit');
  return faults;
}

/** The pictures in `value` that are Slack files which cannot be shown: unknown, not the app's to see, not ready, no image. */
export function slackFileFaults(world: World, workspace: Workspace, value: unknown): readonly string[] {
  const faults: string[] = [];
  for (const { json, pointer } of walkJson(value, '/blocks')) {
    const file = jsonAt(json, 'slack_file');
    if (json.type !== 'image' || Object.keys(file).length === 0) continue;
    const id = textAt(file, 'id') || world.files.byUrl(textAt(file, 'url'));
    const facts = world.files.facts.get(id);
    const shown = facts !== undefined && facts.team === workspace.id && facts.appMayRead && !facts.deleted;
    if (!shown || !world.files.isReady(id) || !/^image\/(png|jpeg|gif)$/.test(facts.mimetype)) {
      faults.push(`invalid slack file [json-pointer:${pointer}/slack_file]`);
    }
  }
  return faults;
}

function metadataFaults(world: World, args: Json): readonly string[] {
  if (!('metadata' in args)) return [];
  const metadata = jsonAt(args, 'metadata');
  const size = JSON.stringify(metadata).length;
  const long = size > MOST_METADATA ? [`metadata of ${size} characters`] : [];
  return [...world.schemas.request('metadata', metadata).map((fault) => `metadata ${fault}`), ...long];
}

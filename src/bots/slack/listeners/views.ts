import type { App } from '@slack/bolt';
import { z } from 'zod';
import { calling, isCoded } from '../errors.ts';
import { filledIn, MODALS, modalOf, rememberedOf, type Wanted } from '../modal.ts';
import { LOOK_AT_STYLE } from '../modal-blocks.ts';
import { referenceFrom, referenceTo } from '../pictures/source.ts';
import { type Where, type Workspace, workspaceOf } from '../where.ts';
import { callOf } from './call-of.ts';
import type { Tools } from './tools.ts';

const looked = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.unknown() }),
  }),
});

/** The modals: what is sent is answered in the channel that they were opened from. */
export function listenToViews(app: App, tools: Tools): void {
  for (const wanted of ['stylize', 'upscale'] as const) {
    app.view(MODALS[wanted], async ({ ack, view, body, context }) => {
      await ack();
      const workspace = workspaceOf(context);
      await submitted(tools, wanted, workspace, body.user.id, view);
    });
  }
  app.action(LOOK_AT_STYLE, async ({ ack, action, body, context }) => {
    await ack();
    const { data } = looked.safeParse(body);
    const chosen = action.type === 'static_select' ? action.selected_option?.value : undefined;
    if (data !== undefined && chosen !== undefined) await lookAt(tools, workspaceOf(context), data, chosen);
  });
}

async function submitted(
  { asking }: Tools,
  wanted: Wanted,
  workspace: Workspace,
  user: string,
  view: {
    readonly id: string;
    readonly private_metadata: string;
    readonly state: { readonly values: unknown };
  },
): Promise<void> {
  const { source, channel, thread, responseUrl } = rememberedOf(view.private_metadata);
  const { given, files } = filledIn(view.state.values);
  const where: Where = { workspace, channel, thread, user, responseUrl };
  await asking.attempt(where, () =>
    asking.ask({
      where,
      // A modal that is sent twice is one wish.
      eventKey: `view ${view.id}`,
      trigger: 'command',
      read: callOf(wanted, given),
      picture: source === undefined ? filesGiven(workspace, files) : referenceFrom(source),
    }),
  );
}

function filesGiven(
  workspace: Workspace,
  files: readonly string[],
): ReturnType<typeof referenceTo> | undefined {
  return files.length === 0 ? undefined : referenceTo({ workspace, kind: 'files', files });
}

/** Show the preview of the style that was just chosen. */
async function lookAt(
  { asking, workspaces, previews, registry, mostPictures }: Tools,
  workspace: Workspace,
  { user, view }: z.infer<typeof looked>,
  style: string,
): Promise<void> {
  const remembered = rememberedOf(view.private_metadata);
  const { channel, thread, responseUrl } = remembered;
  const where: Where = { workspace, user: user.id, channel, thread, responseUrl };
  await asking.attempt(where, async () => {
    asking.leaveTurn();
    const { client } = await workspaces.voice(workspace);
    const { given } = filledIn(view.state.values);
    const shown = modalOf({
      wanted: 'stylize',
      registry,
      messages: await asking.messages(where),
      remembered,
      given: new Map([...Object.entries(remembered.given ?? {}), ...given, ['style', style]]),
      previews: await previews.known(workspace),
      mostPictures,
    });
    try {
      await calling('views.update', client.views.update({ view_id: view.id, view: shown }));
    } catch (error) {
      // The modal was sent meanwhile.
      if (!isCoded(error, 'slack-view-changed')) throw error;
    }
  });
}

import type { types, webApi } from '@slack/bolt';
import type { ShownPicture } from './answer/blocks.ts';
import type { Previews } from './answer/previews.ts';
import { calling, isCoded } from './errors.ts';
import type { Workspace } from './where.ts';
import type { Workspaces } from './workspaces.ts';

/** A modal with whatever previews there are. */
export type MakeView = (previews: ReadonlyMap<string, ShownPicture>) => types.ModalView;

/** Opens modals, which must happen within three seconds of what a person did. */
export interface Modals {
  /**
   * Open one with the previews that the workspace holds already, and add the others once they are there.
   * @param trigger the `trigger_id` of what the person did
   * @throws ImpastoError `slack-trigger-expired`, and as `calling` does
   */
  open(workspace: Workspace, trigger: string, make: MakeView): Promise<void>;
}

export function createModals(workspaces: Workspaces, previews: Previews): Modals {
  return {
    open: async (workspace, trigger, make) => {
      const { client } = await workspaces.voice(workspace);
      const known = await previews.known(workspace);
      const open = (previewed: typeof known): Promise<webApi.ViewsOpenResponse> =>
        calling('views.open', client.views.open({ trigger_id: trigger, view: make(previewed) }));
      const opened = await open(known).catch(async (error: unknown) => {
        // A preview was deleted in the workspace: a modal without pictures is better than none.
        if (known.size === 0 || !isCoded(error, 'slack-blocks-refused')) throw error;
        await previews.forget(workspace);
        return open(new Map());
      });
      const all = await previews.all(workspace);
      const { id, hash } = opened.view ?? {};
      if (isSame(all, known) || id === undefined) return;
      try {
        const view = make(all);
        await calling(
          'views.update',
          client.views.update({ view_id: id, ...(hash === undefined ? {} : { hash }), view }),
        );
      } catch (error) {
        // It was changed or closed meanwhile: nothing is lost but a picture in it.
        if (!isCoded(error, 'slack-view-changed')) throw error;
      }
    },
  };
}

function isSame(a: ReadonlyMap<string, ShownPicture>, b: ReadonlyMap<string, ShownPicture>): boolean {
  return a.size === b.size && [...a].every(([name, { file }]) => b.get(name)?.file === file);
}

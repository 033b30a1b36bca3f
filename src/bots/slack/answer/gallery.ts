import type { types } from '@slack/bolt';
import type { StyleInfo } from '../../../commands/style-info.ts';
import { styleLabel } from '../../../commands/style-info.ts';
import type { Workspace } from '../where.ts';
import { pictureBlock, plain } from './blocks.ts';
import type { Previews } from './previews.ts';

/** Styles as pictures. */
export interface Gallery {
  /** One block for each style whose preview there is; uploads what the workspace does not hold yet. */
  blocks(workspace: Workspace, styles: readonly StyleInfo[]): Promise<readonly types.ImageBlock[]>;
  /** Slack would not show them, for one was deleted in the workspace: all are uploaded anew when next wanted. */
  forget(workspace: Workspace): Promise<void>;
}

/** A message takes 50 blocks, and its words come first. */
const MOST_SHOWN = 40;

export function createGallery(previews: Previews): Gallery {
  return {
    forget: (workspace) => previews.forget(workspace),
    blocks: async (workspace, styles) => {
      if (styles.length === 0) return [];
      const pictures = await previews.all(workspace);
      return styles.slice(0, MOST_SHOWN).flatMap((style) => {
        const picture = pictures.get(style.name);
        return picture === undefined ? [] : [{ ...pictureBlock(picture), title: plain(styleLabel(style)) }];
      });
    },
  };
}

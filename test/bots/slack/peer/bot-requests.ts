import type { HomeView, KnownBlock, MessageMetadata, ModalView } from '@slack/types';
import type {
  AppsConnectionsOpenArguments,
  AppsUninstallArguments,
  AuthTestArguments,
  BotsInfoArguments,
  ChatDeleteArguments,
  ChatGetPermalinkArguments,
  ChatPostEphemeralArguments,
  ChatPostMessageArguments,
  ChatUpdateArguments,
  ConversationsHistoryArguments,
  ConversationsInfoArguments,
  ConversationsJoinArguments,
  ConversationsListArguments,
  ConversationsMembersArguments,
  ConversationsOpenArguments,
  ConversationsRepliesArguments,
  FilesCompleteUploadExternalArguments,
  FilesDeleteArguments,
  FilesGetUploadURLExternalArguments,
  FilesInfoArguments,
  OAuthV2AccessArguments,
  ReactionsAddArguments,
  ReactionsGetArguments,
  ReactionsRemoveArguments,
  TeamInfoArguments,
  UsersInfoArguments,
  ViewsOpenArguments,
  ViewsPublishArguments,
  ViewsPushArguments,
  ViewsUpdateArguments,
} from '@slack/web-api';

/**
 * Blocks, views and metadata are checked by themselves: in place they would multiply with every union around them, and
 * `Block`, which the SDK takes besides `KnownBlock`, would let through what Slack refuses. The generator melts
 * the alternatives of such a type into one, so all of it is optional here; `REQUIRED` in `check.ts` names the rest.
 */
type WithoutBlocks<T> = {
  [Key in keyof T]?: Key extends 'blocks' | 'attachments' | 'view' | 'metadata' ? unknown : T[Key];
};

/** The arguments of every method that the peer serves, by the SDK's own types; what a bot sends is held to them. */
export interface BotRequests {
  'apps.connections.open': AppsConnectionsOpenArguments;
  'apps.uninstall': AppsUninstallArguments;
  'auth.test': AuthTestArguments;
  'bots.info': BotsInfoArguments;
  'chat.delete': ChatDeleteArguments;
  'chat.getPermalink': ChatGetPermalinkArguments;
  'chat.postEphemeral': WithoutBlocks<ChatPostEphemeralArguments>;
  'chat.postMessage': WithoutBlocks<ChatPostMessageArguments>;
  'chat.update': WithoutBlocks<ChatUpdateArguments>;
  'conversations.history': ConversationsHistoryArguments;
  'conversations.info': ConversationsInfoArguments;
  'conversations.join': ConversationsJoinArguments;
  'conversations.list': ConversationsListArguments;
  'conversations.members': ConversationsMembersArguments;
  'conversations.open': ConversationsOpenArguments;
  'conversations.replies': ConversationsRepliesArguments;
  'files.completeUploadExternal': WithoutBlocks<FilesCompleteUploadExternalArguments>;
  'files.delete': FilesDeleteArguments;
  'files.getUploadURLExternal': FilesGetUploadURLExternalArguments;
  'files.info': FilesInfoArguments;
  'oauth.v2.access': OAuthV2AccessArguments;
  'reactions.add': ReactionsAddArguments;
  'reactions.get': ReactionsGetArguments;
  'reactions.remove': ReactionsRemoveArguments;
  'team.info': TeamInfoArguments;
  'users.info': UsersInfoArguments;
  'views.open': WithoutBlocks<ViewsOpenArguments>;
  'views.publish': WithoutBlocks<ViewsPublishArguments>;
  'views.push': WithoutBlocks<ViewsPushArguments>;
  'views.update': WithoutBlocks<ViewsUpdateArguments>;
  block: KnownBlock;
  metadata: MessageMetadata;
  home: WithoutBlocks<HomeView>;
  modal: WithoutBlocks<ModalView>;
}

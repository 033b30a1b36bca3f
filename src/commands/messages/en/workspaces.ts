import type { WorkspaceMessages } from '../topics/workspaces.ts';

export const workspaces: WorkspaceMessages = {
  settingsHead: 'How I behave in this workspace:',
  settings: {
    about: 'See and change how I behave in this workspace',
    enabled: 'Whether I work in this workspace',
    perServer: 'Pictures per hour for the whole workspace: a number, “off” for none of its own, or “default”',
  },
  failures: {
    'limit-server': 'This workspace has had its {limit} pictures for now. More from {until:when} on.',
    'channel-not-allowed':
      'I do not work in this channel. Those who manage the workspace have chosen others for me: {channels}.',
    'server-off': 'I am switched off in this workspace. Those who manage it can switch me on again.',
    'server-only': 'This works in a channel of a workspace only, not in private.',
    'server-settings-damaged':
      'The settings of this workspace cannot be read. Those who manage it should set them anew.',
    'managers-only': 'Only those who manage this workspace may do that.',
    'delete-not-yours': 'Only the person who asked, or those who manage this workspace, can delete this.',
  },
};

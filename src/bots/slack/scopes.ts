/** What the bot asks a workspace for, and why; the manifest and the installation page ask for the same. */
export const SCOPES: ReadonlyMap<string, string> = new Map([
  ['app_mentions:read', 'hear “@impasto stylize …”'],
  ['channels:history', 'find pictures in public channels'],
  ['chat:write', 'post answers'],
  ['commands', 'take /stylize, /upscale, /impasto and the message shortcuts'],
  ['files:read', 'fetch the pictures that people post'],
  ['files:write', 'upload results'],
  ['groups:history', 'find pictures in private channels that it is in'],
  ['im:history', 'answer in direct messages'],
  ['mpim:history', 'find pictures in group messages that it is in'],
  ['reactions:read', 'notice emojis put on pictures'],
  ['users:read', 'know a person’s language and who manages the workspace, and take avatars'],
]);

/** The scopes that are not among those granted, each with what it is for: `files:read (fetch …)`. */
export function missingScopes(granted: readonly string[]): readonly string[] {
  return [...SCOPES].filter(([scope]) => !granted.includes(scope)).map(([scope, why]) => `${scope} (${why})`);
}

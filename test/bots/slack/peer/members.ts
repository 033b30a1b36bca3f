import sharp from 'sharp';
import type { Json } from './json.ts';
import type { Member } from './workspace.ts';

const SIZES = [24, 32, 48, 72, 192, 512] as const;

/** What `users.info` tells of a member beyond the emulator. @param outside where pictures of people lie */
export function memberJson(
  member: Member,
  outside: string,
  withLocale: boolean,
): Json & { readonly profile: Json } {
  const address = (size: number | string) => `${outside}/avatars/${member.team}/${member.id}/${size}.png`;
  return {
    name: member.name,
    real_name: member.name,
    tz: member.tz,
    tz_label: member.tz,
    tz_offset: offsetOf(member.tz),
    is_admin: member.admin,
    is_owner: member.owner,
    is_primary_owner: member.owner,
    is_restricted: false,
    is_ultra_restricted: false,
    is_app_user: false,
    updated: Math.floor(Date.now() / 1000),
    ...(withLocale ? { locale: member.locale } : {}),
    profile: {
      real_name: member.name,
      display_name: member.name,
      avatar_hash: member.id.toLowerCase(),
      is_custom_image: member.avatar !== undefined,
      ...Object.fromEntries(SIZES.map((size) => [`image_${size}`, address(size)])),
      // Only those who chose a picture have an original.
      ...(member.avatar === undefined
        ? {}
        : { image_original: address('original'), image_1024: address(1024) }),
    },
  };
}

/** The picture at such an address. */
export async function avatarOf(member: Member, size: string): Promise<Uint8Array> {
  if (size === 'original' && member.avatar !== undefined) return member.avatar;
  const edge = Number(size) || 512;
  const made = { create: { width: edge, height: edge, channels: 3 as const, background: '#4a154b' } };
  const image = member.avatar === undefined ? sharp(made) : sharp(member.avatar).resize(edge, edge);
  return image.png().toBuffer();
}

function offsetOf(tz: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    timeZoneName: 'longOffset',
  }).formatToParts();
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -seconds : seconds;
}

/** `甲`, `甲和乙`, `甲、乙和丙`. */
export function list(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return '（目前沒有）';
  return names.length === 1 ? last : `${names.slice(0, -1).join('、')} 和 ${last}`;
}

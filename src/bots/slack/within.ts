/** Await work, but no longer than `limitMs`. @throws what the work throws until then */
export async function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((settle) => {
    late = setTimeout(settle, limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(late);
  }
}

/**
 * Go the way of a person who installs the app with a browser: the bot's page, Slack's page, back to the bot.
 * A bot's public address leads to where it listens, so the way back is taken there.
 * @param consent Slack's page: takes its address, gives where it sends the person on
 */
export async function visitInstall(
  installUrl: string,
  consent: (authorizeUrl: URL) => URL,
): Promise<{ readonly status: number; readonly text: string }> {
  const page = await fetch(installUrl, { redirect: 'manual' });
  const html = await page.text();
  const link = page.headers.get('location') ?? /href="([^"]*\/oauth\/v2\/authorize[^"]*)"/.exec(html)?.[1];
  if (link === undefined)
    throw new Error(`${installUrl} leads nowhere: ${page.status} ${html.slice(0, 200)}`);
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(';', 1)[0])
    .join('; ');
  const back = consent(new URL(link.replaceAll('&amp;', '&')));
  const there = new URL(back.pathname + back.search, installUrl);
  const done = await fetch(there, { redirect: 'manual', headers: { cookie } });
  return { status: done.status, text: await done.text() };
}

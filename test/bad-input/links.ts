import { createFetcher } from '../../src/images/fetch.ts';
import { createPublicAgent } from '../../src/images/public-hosts.ts';
import { type BadInput, refusalOf, type Topic } from './input.ts';

/** As the platforms fetch: from their own hosts. */
const fetchOwn = createFetcher({ hosts: ['cdn.discordapp.com', '*.slack.com'], bytes: 1e3, timeoutMs: 5e3 });

const REFUSED = 'I do not fetch pictures from there. Please attach the picture itself.';
const EXPIRED = 'The link to this picture has expired. Please post the picture again.';

function link(input: string, address: string): BadInput {
  const refused = () => refusalOf(() => fetchOwn(address));
  return { input, code: 'picture-host-refused', reads: REFUSED, refused };
}

/** From any public host, as whoever runs the program may allow. */
function anywhere(input: string, address: string): BadInput {
  const refused = async () => {
    const agent = createPublicAgent((_name, _options, done) =>
      done(null, [{ address: '10.0.0.1', family: 4 }]),
    );
    const fetchAny = createFetcher({ hosts: [], outside: true, agent, bytes: 1e3, timeoutMs: 5e3 });
    try {
      return await refusalOf(() => fetchAny(address));
    } finally {
      await agent.close();
    }
  };
  return { input, code: 'picture-host-refused', reads: REFUSED, refused };
}

export const links: Topic = {
  title: 'Links and hosts',
  about:
    'Pictures come from the platform’s own hosts, and where whoever runs the program allows it from any public one; nothing else is asked, wherever a link leads on the way.',
  inputs: [
    link('a link to another host', 'https://elsewhere.example/a.png'),
    link('a link without https', 'http://cdn.discordapp.com/a.png'),
    link('a link to another port', 'https://cdn.discordapp.com:8443/a.png'),
    link('a link with a name and a password', 'https://ada:secret@cdn.discordapp.com/a.png'),
    link('a host that only begins like a known one', 'https://cdn.discordapp.com.evil.example/a.png'),
    link('a host that only ends like a known one', 'https://notslack.com/a.png'),
    link('a link to this machine', 'https://127.0.0.1/a.png'),
    link('a link to a file', 'file:///etc/passwd'),
    link('a data: address', 'data:image/png;base64,AAAA'),
    link('a javascript: address', 'javascript:alert(1)'),
    link('an FTP link', 'ftp://cdn.discordapp.com/a.png'),
    link('no link at all', 'not an address'),
    link('an empty link', ''),
    anywhere('this machine, in decimal', 'https://2130706433/a.png'),
    anywhere('this machine, in hexadecimal', 'https://0x7f000001/a.png'),
    anywhere('this machine, in octal', 'https://0177.0.0.1/a.png'),
    anywhere('this machine, in IPv6', 'https://[::1]/a.png'),
    anywhere('this machine, mapped into IPv6', 'https://[::ffff:127.0.0.1]/a.png'),
    anywhere('this machine, translated (NAT64)', 'https://[64:ff9b::7f00:1]/a.png'),
    anywhere('this machine, by 6to4', 'https://[2002:7f00:1::]/a.png'),
    anywhere('a private network', 'https://192.168.0.1/a.png'),
    anywhere('a cloud’s secrets', 'https://169.254.169.254/latest/meta-data/'),
    anywhere('a name that leads to a private network', 'https://rebound.example/a.png'),
    {
      input: 'a link that leads to another host',
      code: 'picture-host-refused',
      reads: REFUSED,
      refused: (stage) =>
        refusalOf(() => stage.fetched({ status: 302, location: 'https://elsewhere.example/a.png' })),
    },
    {
      input: 'a link that leads to a cloud’s secrets',
      code: 'picture-host-refused',
      reads: REFUSED,
      refused: (stage) =>
        refusalOf(() => stage.fetched({ status: 302, location: 'http://169.254.169.254/' })),
    },
    {
      input: 'a link that leads in a circle',
      code: 'picture-host-refused',
      reads: REFUSED,
      refused: (stage) => refusalOf(() => stage.fetched({ status: 302, location: '/' })),
    },
    ...[401, 403, 404, 410].map(
      (status): BadInput => ({
        input: `a link that is answered by ${status}`,
        code: 'picture-link-expired',
        reads: EXPIRED,
        refused: (stage) => refusalOf(() => stage.fetched({ status })),
      }),
    ),
    {
      input: 'a link that is answered by 418',
      code: 'picture-refused',
      reads: 'I cannot fetch this picture. Please attach the picture itself.',
      refused: (stage) => refusalOf(() => stage.fetched({ status: 418 })),
    },
    {
      input: 'a file that is larger than it may be',
      code: 'image-file-too-large',
      reads: 'The file is larger than 1 MB. Send a smaller one.',
      refused: (stage) => refusalOf(() => stage.fetched({ status: 200, bytes: 1024 ** 2 + 1 })),
    },
  ],
};

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { GatewayIntentBits } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Snapshot } from './twin.ts';

/** Somebody who identified; it lives on while its socket is gone, until it is resumed or ended. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** Every event that it was sent, or that waits for it. */
  readonly sent: { readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | undefined;
}

/** Something that happened. */
export interface Happening {
  readonly event: string;
  readonly guildId: string | null;
  /** The intent that it takes; none for interactions. */
  readonly intent?: number;
  readonly data: (session: Session) => unknown;
}

/** How connections came and went. */
export interface GatewayCounts {
  identified: number;
  resumed: number;
  /** Sessions that asked to resume and were refused. */
  invalidated: number;
}

export interface Gateway {
  readonly counts: GatewayCounts;
  readonly sessions: ReadonlyMap<string, Session>;
  dispatch(happening: Happening): void;
  /** Send the newest event of that name once more, as a new one. @throws Error where there was none */
  redeliver(event: string): void;
  /** Send something as it is, whether or not it ever happened. */
  bring(event: string, data: unknown): void;
  /** Break every connection without a word; nobody can connect again before `meanwhile` is over. */
  drop(meanwhile?: () => Promise<void>): Promise<void>;
  /** Tell every session that it is over; it can't be resumed. */
  invalidate(): void;
  /** Ask every session to connect again and resume. */
  askToReconnect(): void;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly server: Server;
  readonly token: string;
  /** Where sessions shall resume. */
  readonly url: () => string;
  /** Intents that Discord's developer portal grants this application, as bits. */
  readonly privileged: number;
  readonly snapshot: (session: Session) => Promise<Snapshot>;
  readonly problem: (sentence: string) => void;
}

const PRIVILEGED =
  GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent;
const ALL_INTENTS = Object.values(GatewayIntentBits).reduce<number>(
  (all, bit) => (typeof bit === 'number' ? all | bit : all),
  0,
);
const sent = z.discriminatedUnion('op', [
  z.object({ op: z.literal(1), d: z.number().nullable() }),
  z.object({
    op: z.literal(2),
    d: z.object({
      token: z.string(),
      intents: z.number(),
      properties: z.object({ os: z.string(), browser: z.string(), device: z.string() }),
      shard: z.tuple([z.number(), z.number()]).optional(),
      compress: z.boolean().optional(),
    }),
  }),
  z.object({ op: z.literal(3), d: z.object({ status: z.string() }) }),
  z.object({ op: z.literal(6), d: z.object({ token: z.string(), session_id: z.string(), seq: z.number() }) }),
  z.object({ op: z.literal(8), d: z.object({ guild_id: z.string() }) }),
]);

/** The WebSocket side of Discord, at `/gateway`. */
export function openGateway(options: GatewayOptions): Gateway {
  const { server, token, privileged, problem } = options;
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const counts: GatewayCounts = { identified: 0, resumed: 0, invalidated: 0 };
  let door: Promise<void> = Promise.resolve();

  const onUpgrade = (request: IncomingMessage, socket: import('node:stream').Duplex, head: Buffer): void => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    if (!/^\/gateway\/?$/.test(url.pathname)) {
      socket.destroy();
      return;
    }
    if (url.searchParams.get('v') !== '10')
      problem(`the gateway was asked for v=${url.searchParams.get('v')}`);
    if (url.searchParams.has('compress')) problem('the peer’s gateway does not compress');
    sockets.handleUpgrade(request, socket, head, (open) => void greet(open));
  };
  server.on('upgrade', onUpgrade);

  async function greet(socket: WebSocket): Promise<void> {
    let mine: Session | undefined;
    socket.on('message', (raw) => {
      const read = sent.safeParse(JSON.parse(String(raw)));
      if (!read.success) {
        problem(`the gateway was sent ${String(raw).slice(0, 300)}`);
        socket.close(4002, 'Error while decoding payload.');
        return;
      }
      const { op, d } = read.data;
      if (op === 1) say(socket, 11, null);
      else if (op === 2) mine = identify(socket, d);
      else if (op === 6) mine = resume(socket, d);
    });
    socket.on('close', () => {
      if (mine?.socket === socket) mine.socket = undefined;
    });
    await door;
    say(socket, 10, { heartbeat_interval: 41_250 });
  }

  function identify(
    socket: WebSocket,
    d: Extract<z.infer<typeof sent>, { op: 2 }>['d'],
  ): Session | undefined {
    const shard = d.shard ?? [0, 1];
    if (d.token !== token) return refuse(socket, 4004, 'Authentication failed.');
    if (shard[0] < 0 || shard[0] >= shard[1]) return refuse(socket, 4010, 'Invalid shard.');
    if ((d.intents & ~ALL_INTENTS) !== 0) return refuse(socket, 4013, 'Invalid intent(s).');
    if ((d.intents & PRIVILEGED & ~privileged) !== 0) return refuse(socket, 4014, 'Disallowed intent(s).');
    const id = randomBytes(16).toString('hex');
    const session: Session = { id, intents: d.intents, shard, sent: [], socket };
    void welcome(session);
    return session;
  }

  async function welcome(session: Session): Promise<void> {
    const { ready, guilds } = await options.snapshot(session);
    const mine = guilds.filter(({ id }) => isOf(session, typeof id === 'string' ? id : null));
    push(session, 'READY', {
      ...ready,
      session_id: session.id,
      resume_gateway_url: options.url(),
      shard: session.shard,
      guilds: mine.map(({ id }) => ({ id, unavailable: true })),
    });
    for (const guild of mine) push(session, 'GUILD_CREATE', guild);
    sessions.set(session.id, session);
    counts.identified += 1;
  }

  function resume(
    socket: WebSocket,
    d: { token: string; session_id: string; seq: number },
  ): Session | undefined {
    if (d.token !== token) return refuse(socket, 4004, 'Authentication failed.');
    const session = sessions.get(d.session_id);
    if (session === undefined) {
      counts.invalidated += 1;
      say(socket, 9, false);
      return undefined;
    }
    session.socket = socket;
    counts.resumed += 1;
    for (const missed of session.sent.filter(({ s }) => s > d.seq)) say(socket, 0, missed.d, missed);
    push(session, 'RESUMED', {});
    return session;
  }

  function push(session: Session, t: string, d: unknown): void {
    const event = { s: session.sent.length + 1, t, d };
    session.sent.push(event);
    if (session.socket !== undefined) say(session.socket, 0, d, event);
  }

  return {
    counts,
    sessions,
    dispatch({ event, guildId, intent, data }) {
      for (const session of sessions.values()) {
        const wanted = intent === undefined || (session.intents & intent) !== 0;
        if (wanted && isOf(session, guildId)) push(session, event, data(session));
      }
    },
    redeliver(event) {
      const again = [...sessions.values()].flatMap((session) => {
        const last = session.sent.findLast(({ t }) => t === event);
        return last === undefined ? [] : [{ session, last }];
      });
      if (again.length === 0) throw new Error(`there was no ${event} to send again`);
      for (const { session, last } of again) push(session, event, last.d);
    },
    bring(event, data) {
      for (const session of sessions.values()) push(session, event, data);
    },
    async drop(meanwhile = async () => {}) {
      let open = (): void => {};
      door = new Promise((resolve) => {
        open = resolve;
      });
      for (const client of sockets.clients) client.terminate();
      for (const session of sessions.values()) session.socket = undefined;
      try {
        await meanwhile();
      } finally {
        open();
      }
    },
    invalidate() {
      const over = [...sessions.values()];
      sessions.clear();
      for (const { socket } of over) if (socket !== undefined) say(socket, 9, false);
    },
    askToReconnect() {
      for (const { socket } of sessions.values()) if (socket !== undefined) say(socket, 7, null);
    },
    async close() {
      server.off('upgrade', onUpgrade);
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

function say(socket: WebSocket, op: number, d: unknown, event?: { s: number; t: string }): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify({ op, d, s: event?.s ?? null, t: event?.t ?? null }));
}

function refuse(socket: WebSocket, code: number, reason: string): undefined {
  socket.close(code, reason);
}

/** Whether a server's events go to this shard; those of nobody's server go to the first. */
function isOf({ shard: [index, count] }: Session, guildId: string | null): boolean {
  return guildId === null ? index === 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)) === index;
}

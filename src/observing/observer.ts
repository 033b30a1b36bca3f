import type { Logger } from 'pino';
import { ImpastoError } from '../errors.ts';
import type { AttemptFacts, Observer } from '../queue/observer.ts';
import type { Scope } from './log.ts';
import { type Metrics, NO_NETWORK } from './metrics.ts';
import type { Begun, SpanFacts, Traces } from './traces.ts';

/** The queue's observer: counts, spans, and the request's id in every line that is logged meanwhile. */
export function createObserver(options: {
  readonly log: Logger;
  readonly scope: Scope;
  readonly metrics: Metrics;
  /** Left out where no traces are kept. */
  readonly traces: Traces | undefined;
}): Observer {
  const { log, scope, metrics, traces } = options;

  return {
    submission: async (request, submit) => {
      const { id, platform, task } = request;
      const { network } = task;
      const about = { request: id, platform, network };
      const span = traces?.begin(`submit ${platform}`, 'producer', [], about);
      return scope.run(scopeOf([id], span), async () => {
        try {
          const verdict = await submit(span?.trace);
          metrics.submitted(platform, network, verdict);
          span?.end({ verdict });
          log.info({ platform, network, verdict }, 'A request has come in');
          return verdict;
        } catch (error) {
          metrics.submitted(platform, network, 'error');
          span?.end({ verdict: 'error' }, codeOf(error));
          throw error;
        }
      });
    },
    attempt: async (facts, run) => {
      const began = performance.now();
      const span = traces?.begin(nameOf(facts), 'consumer', facts.traces, spanFacts(facts));
      await scope.run(scopeOf(facts.requests, span), () =>
        run((end, error) => {
          const seconds = (performance.now() - began) / 1000;
          const { kind, network = NO_NETWORK, job, attempt, waitedMs } = facts;
          const waitedSeconds = waitedMs === undefined ? undefined : waitedMs / 1000;
          metrics.ended({
            kind,
            network,
            end,
            seconds,
            ...(waitedSeconds === undefined ? {} : { waitedSeconds }),
          });
          span?.end({ end }, error === undefined ? undefined : codeOf(error));
          log.info(
            { kind, network, job, attempt, end, seconds, waitedSeconds, ...codeFacts(error) },
            'An attempt at a job has ended',
          );
        }),
      );
    },
    lost: (kind) => metrics.ended({ kind, network: NO_NETWORK, end: 'lost' }),
    closed: ({ id, platform, task, createdAt }, state, reason) => {
      const seconds = Math.max(0, Date.now() - createdAt) / 1000;
      metrics.closed(platform, task.network, state, seconds);
      log.info(
        { request: id, platform, network: task.network, state, seconds, ...codeFacts(reason) },
        'A request has ended',
      );
    },
  };
}

/** One id where there is one: an inference job may be the work of several requests. */
function scopeOf(requests: readonly string[], span: Begun | undefined): Readonly<Record<string, unknown>> {
  const [request, ...others] = requests;
  return {
    ...(request === undefined ? {} : { request }),
    ...(others.length === 0 ? {} : { requests }),
    ...(span === undefined ? {} : { trace: span.traceId }),
  };
}

function nameOf({ kind, platform }: AttemptFacts): string {
  return platform === undefined ? kind : `${kind} ${platform}`;
}

function spanFacts({ requests, job, network, attempt, waitedMs }: AttemptFacts): SpanFacts {
  return {
    requests,
    job,
    attempt,
    ...(network === undefined ? {} : { network }),
    ...(waitedMs === undefined ? {} : { waited_ms: waitedMs }),
  };
}

function codeFacts(error: unknown): { readonly code?: string } {
  return error === undefined ? {} : { code: codeOf(error) };
}

/** An error's text may hold what strangers sent. */
function codeOf(error: unknown): string {
  return error instanceof ImpastoError ? error.code : 'unforeseen';
}

import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../queue/log.ts';

/** Plain facts about a span. Neither a secret nor what a person wrote belongs among them. */
export type SpanFacts = Readonly<Record<string, string | number | readonly string[]>>;

/** A span that has begun. */
export interface Begun {
  /** What whoever goes on in this trace is told (`traceparent` of W3C Trace Context). */
  readonly trace: string | undefined;
  /** For log lines. */
  readonly traceId: string;
  /** @param error a code, where it ended by one */
  end(facts: SpanFacts, error?: string): void;
}

/** Spans that are sent to a collector. */
export interface Traces {
  /**
   * @param traces the first is gone on with, in which another process may have begun; the others are linked. A new trace
   *   begins where there are none.
   */
  begin(name: string, kind: 'producer' | 'consumer', traces: readonly string[], facts: SpanFacts): Begun;
  /** Send what is left. */
  close(): Promise<void>;
}

/** How long a delivery may take with all its repetitions; the program's end waits for the last. */
const SEND_MS = 3_000;
const TRACEPARENT = 'traceparent';

/**
 * Send spans to a collector by OTLP over HTTP, in batches. One that is away loses them, and nothing else.
 * @param options.endpoint the collector's, without `/v1/traces`
 * @param options.service what this process is, such as `impasto-worker`
 */
export function openTraces(options: {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  readonly log: Log;
}): Traces {
  const { log } = options;
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, headers: { ...options.headers }, timeoutMillis: SEND_MS });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service, 'process.pid': process.pid }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('impasto');
  const propagator = new W3CTraceContextPropagator();

  function contextOf(written: string | undefined): Context {
    if (written === undefined) return ROOT_CONTEXT;
    return propagator.extract(ROOT_CONTEXT, { [TRACEPARENT]: written }, carried);
  }

  function written(span: Span): string | undefined {
    const carrier: Record<string, string> = {};
    propagator.inject(trace.setSpan(ROOT_CONTEXT, span), carrier, {
      set: (into, key, value) => {
        into[key] = value;
      },
    });
    return carrier[TRACEPARENT];
  }

  return {
    begin: (name, kind, [first, ...others], facts) => {
      const links: Link[] = others.flatMap((other) => {
        const context = trace.getSpanContext(contextOf(other));
        return context === undefined ? [] : [{ context }];
      });
      const spanKind = kind === 'producer' ? SpanKind.PRODUCER : SpanKind.CONSUMER;
      const span = tracer.startSpan(
        name,
        { kind: spanKind, links, attributes: attributes(facts) },
        contextOf(first),
      );
      return {
        trace: written(span),
        traceId: span.spanContext().traceId,
        end: (more, error) => {
          span.setAttributes(attributes(more));
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
          span.end();
        },
      };
    },
    close: async () => {
      try {
        await provider.shutdown();
      } catch (error) {
        log.warn({ err: error }, 'The last traces could not be sent');
      }
    },
  };
}

const carried = {
  keys: (carrier: Readonly<Record<string, string>>) => Object.keys(carrier),
  get: (carrier: Readonly<Record<string, string>>, key: string) => carrier[key],
};

function attributes(facts: SpanFacts): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      `impasto.${name}`,
      typeof value === 'object' ? [...value] : value,
    ]),
  );
}

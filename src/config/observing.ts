import { z } from 'zod';
import { type Fields, field, text, whole } from './fields.ts';

/** By which whoever runs the program sees what it does. */
export interface ObservingSettings {
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly metricsHost: string;
  readonly metricsPort: number | undefined;
  readonly boardPassword: string | undefined;
  readonly tracesEndpoint: string | undefined;
  readonly tracesHeaders: Readonly<Record<string, string>> | undefined;
}

/** `name=value`, joined by commas, each percent-encoded: as OpenTelemetry has it. */
const headers = text.transform((value, context): Record<string, string> => {
  const pairs = value.split(',').map((pair): readonly [string, string] => {
    const [name = '', ...rest] = pair.split('=');
    const written = rest.join('=').trim();
    if (name.trim() === '' || written === '') context.addIssue('not a header');
    try {
      return [name.trim(), decodeURIComponent(written)];
    } catch {
      // A percent sign that begins nothing stands for itself.
      return [name.trim(), written];
    }
  });
  return Object.fromEntries(pairs);
});

export const observingFields: Fields<ObservingSettings> = {
  logLevel: field(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).prefault('warn'), {
    variable: 'LOG_LEVEL',
    expected: 'trace, debug, info, warn, error, fatal or silent',
    help: 'what is logged, as lines of JSON on stderr',
  }),
  metricsPort: field(whole(0, 65_535).optional(), {
    variable: 'METRICS_PORT',
    expected: 'a whole number from 0 to 65535',
    help: 'where /healthz, /readyz, /metrics and /board are served, on METRICS_HOST; nothing is where it is not set',
  }),
  metricsHost: field(text.prefault('127.0.0.1'), {
    variable: 'METRICS_HOST',
    expected: 'an address',
    help: 'where METRICS_PORT listens; anybody who reaches it may read all but the board',
  }),
  boardPassword: field(text.min(12).optional(), {
    variable: 'BOARD_PASSWORD',
    expected: '12 characters or more',
    help: 'opens /board, where the queue’s jobs can be looked at, to the user “impasto”; no board where it is not set',
    secret: 'all',
  }),
  tracesEndpoint: field(z.url({ protocol: /^https?$/ }).optional(), {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    expected: 'an address that begins with http',
    help: 'a collector of OpenTelemetry traces, by OTLP over HTTP; no traces where it is not set',
  }),
  tracesHeaders: field(headers.optional(), {
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    expected: 'name=value, joined by commas',
    help: 'headers that the collector wants, such as its key',
    secret: 'all',
  }),
};

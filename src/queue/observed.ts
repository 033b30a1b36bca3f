import type { QueueContext } from './context.ts';
import { inferenceJob, requestJob } from './formats.ts';
import type { AttemptFacts } from './observer.ts';

type About = Pick<AttemptFacts, 'requests' | 'network' | 'traces'>;

/** Whose an intake or a delivery is. */
export async function aboutRequest({ records }: QueueContext, data: unknown): Promise<About> {
  const { request } = requestJob.parse(data);
  const record = await records.read(request);
  return {
    requests: [request],
    network: record?.request.task.network,
    traces: [record?.request.trace ?? []].flat(),
  };
}

/** Whose an inference job is: of all who wait for it now. */
export async function aboutInference({ records }: QueueContext, job: string, data: unknown): Promise<About> {
  const { task, trace } = inferenceJob.parse(data);
  const requests = await records.waiters(job);
  const waiting = await Promise.all(requests.map((request) => records.read(request)));
  const traces = [trace, ...waiting.map((record) => record?.request.trace)].flatMap((each) => each ?? []);
  return { requests, network: task.network, traces: [...new Set(traces)] };
}

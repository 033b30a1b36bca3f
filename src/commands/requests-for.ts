import type { Task } from '../queue/request.ts';
import type { Answer, Invocation } from './command.ts';
import { createRequest } from './request.ts';

/** The same work for each picture that is pointed to: one request each. */
export function requestsFor(invocation: Invocation, task: Task): Answer {
  const { platform, eventKey, trigger, person, server, command, pictures, now } = invocation;
  const requests = pictures.map((picture, index) =>
    createRequest({
      platform,
      command: command.name,
      trigger,
      person,
      ...(server === undefined ? {} : { server: server.id }),
      eventKey: pictures.length === 1 ? eventKey : `${eventKey}.${index}`,
      picture,
      task,
      now,
    }),
  );
  return { kind: 'requests', requests };
}

import { createArtefacts } from '../../src/queue/artefacts.ts';
import { createQueueContext } from '../../src/queue/context.ts';
import { consumeInference } from '../../src/queue/inference.ts';
import { silentLog } from '../../src/queue/log.ts';
import { connect } from '../../src/queue/redis.ts';

/*
 * A worker to be killed: takes one inference job, says so, and never ends it.
 * Arguments: the address of Redis, and the settings as JSON.
 */
const [, , url = '', settings = '{}'] = process.argv;
const redis = connect(url, 'consumer', silentLog);
const context = createQueueContext(redis, silentLog, JSON.parse(settings));
const artefacts = createArtefacts(redis, { ttlSeconds: 60, budgetBytes: 1_000_000 });
consumeInference(
  context,
  async () => {
    process.stdout.write('running\n');
    return new Promise(() => undefined);
  },
  { artefacts },
);

import { createArtefacts } from '../../src/queue/artefacts.ts';
import { createQueueContext } from '../../src/queue/context.ts';
import { consumeInference } from '../../src/queue/inference.ts';
import { silentLog } from '../../src/queue/log.ts';
import { connect } from '../../src/queue/redis.ts';

/*
 * A worker to be killed: ends as many inference jobs as it is told, takes one more, says so, and never ends it.
 * Arguments: the address of Redis, the settings as JSON, and that number.
 */
const [, , url = '', settings = '{}', endsBefore = '0'] = process.argv;
let ended = 0;
const redis = connect(url, 'consumer', silentLog);
const context = createQueueContext(redis, silentLog, JSON.parse(settings));
const artefacts = createArtefacts(redis, { ttlSeconds: 60, budgetBytes: 1_000_000 });
consumeInference(
  context,
  async ({ source }) => {
    if (ended++ < Number(endsBefore)) {
      const { contentType, width, height } = source;
      return artefacts.put(Buffer.from(`painted ${source.hash}`), { contentType, width, height });
    }
    process.stdout.write('running\n');
    return new Promise(() => undefined);
  },
  { artefacts },
);

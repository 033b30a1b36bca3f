import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { cropCutter } from './cutter.ts';
import type { FromReader, ReaderSetup, ToReader } from './messages.ts';
import { pairCutter } from './pairs.ts';
import { Reader } from './reader.ts';

// The thread in which photos are read; see `photoBatches`, which starts it.
const port = parentPort;
if (!port) throw new TypeError('this file runs as a worker thread only');
// The cores belong to the training: one photo at a time, on one thread; what is worth keeping is kept by the reader.
sharp.concurrency(1);
sharp.cache(false);

const setup: ReaderSetup = workerData;
const say = (message: FromReader): void => {
  port.postMessage(message, message.kind === 'batch' ? [message.pixels.buffer] : []);
};
const { cut, seed } = setup;
const reader =
  'patch' in cut
    ? new Reader(setup, pairCutter({ ...cut, seed }), say)
    : new Reader(setup, cropCutter(cut), say);
let closing = false;
let before = Promise.resolve();
port.on('message', (message: ToReader) => {
  if (message.kind === 'close') {
    closing = true;
    port.close();
    return;
  }
  before = before.then(() => (closing ? undefined : reader.read(message.step)));
});

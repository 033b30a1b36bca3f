import { matrixProduct } from './subjects.ts';

/* How many products of matrices a second this process makes, for as many seconds as its argument says. */

const product = await matrixProduct(1);
await product.run();
const seconds = Number(process.argv[2]);
const began = performance.now();
let count = 0;
while (performance.now() - began < 1000 * seconds) {
  await product.run();
  count++;
}
console.log(count / ((performance.now() - began) / 1000));

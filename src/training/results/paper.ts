/** Seconds on squares of some side, on the paper's Titan X: its table 1, for 500 iterations of the optimisation. */
export const PAPER_SPEED: readonly {
  readonly side: number;
  readonly optimisation: number;
  readonly network: number;
}[] = [
  { side: 256, optimisation: 15.86, network: 0.015 },
  { side: 512, optimisation: 54.85, network: 0.05 },
  { side: 1024, optimisation: 214.44, network: 0.21 },
];

/** Decibels on Y, and SSIM where we know it. */
export interface PaperScore {
  readonly psnrY: number;
  readonly ssimY?: number;
}

/** What the paper reports of one method, by set. */
export interface PaperRow {
  readonly method: string;
  readonly scores: Readonly<Record<string, PaperScore>>;
}

/** The paper's super-resolution tables, by factor. Its degradation is a Gaussian of σ = 1 before bicubic. */
export const PAPER_UPSCALE: ReadonlyMap<number, readonly PaperRow[]> = new Map([
  [
    4,
    [
      paperRow('bicubic', [28.43, 0.8114], [25.99], [25.96]),
      paperRow('pixel loss', [28.4, 0.8205], [25.75], [25.91]),
      paperRow('SRCNN', [30.48, 0.8628], [27.49], [26.9]),
      paperRow('feature loss', [27.09, 0.768], [24.99], [24.95]),
    ],
  ],
  [
    8,
    [
      paperRow('bicubic', [23.8, 0.6455], [22.37], [22.11]),
      paperRow('pixel loss', [24.77, 0.6864], [23.02], [22.54]),
      paperRow('feature loss', [23.26, 0.7058], [21.64], [21.35]),
    ],
  ],
]);

type Pair = readonly [psnrY: number, ssimY?: number];

function paperRow(method: string, set5: Pair, set14: Pair, bsd100: Pair): PaperRow {
  const score = ([psnrY, ssimY]: Pair): PaperScore => (ssimY === undefined ? { psnrY } : { psnrY, ssimY });
  return { method, scores: { Set5: score(set5), Set14: score(set14), BSD100: score(bsd100) } };
}

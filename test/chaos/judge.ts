import sharp from 'sharp';
import { difference } from '../cli/compare.ts';
import { faultOf } from '../e2e/likeness.ts';
import { isPending } from './crowd.ts';
import type { Shown, Standing } from './side.ts';

/** What the judge must know of a question. */
export interface JudgedAsk {
  readonly acknowledged: boolean;
  readonly standing: Standing;
  readonly words: string;
  readonly paintings: number;
}

/** What the judge must know of a request; no two photos have one size. */
export interface JudgedRequest {
  readonly name: string;
  readonly photo: Buffer;
  readonly style: string;
  readonly asks: readonly JudgedAsk[];
}

/** Who can say what a request's picture has to be. */
export interface Painter {
  /** The painting, encoded, by the style's own network. */
  paint(request: Pick<JudgedRequest, 'photo' | 'style'>): Promise<Uint8Array>;
}

/** Two paintings of one photo by one network differ by less than this, of 255, also by as many threads as you like. */
const SAME = 2;

/** What came of all requests, counted. */
export interface Verdict {
  readonly answers: number;
  readonly twice: readonly string[];
  readonly unanswered: readonly string[];
  /** Told to everybody that there will be no picture. */
  readonly failed: readonly string[];
  readonly wrong: readonly string[];
}

/**
 * Every question that was acknowledged has exactly one answer: one picture, the right one, or a sentence that it was not
 * taken; what was not acknowledged has none. And every request has its picture in the end.
 * @param shown every picture that stands anywhere, whoever's answer it is
 * @param painter asked about a picture in which the photo can't be made out, as where a bare wall was filled with strokes
 */
export async function judge(
  requests: readonly JudgedRequest[],
  shown: readonly Shown[],
  painter: Painter,
): Promise<Verdict> {
  const bySize = new Map<string, JudgedRequest>();
  for (const request of requests) bySize.set(await sizeOf(request.photo), request);
  const stand = new Map(requests.map((request) => [request, 0]));
  const wrong: string[] = [];
  for (const { where, bytes } of shown) {
    const request = bySize.get(await sizeOf(bytes));
    if (request === undefined) {
      wrong.push(`${where} holds a picture that nobody asked for: ${await sizeOf(bytes)}`);
      continue;
    }
    stand.set(request, (stand.get(request) ?? 0) + 1);
    const fault = await faultOf(bytes, request.photo);
    if (fault === undefined) continue;
    const off = await difference(sharp(bytes), sharp(await painter.paint(request)));
    if (off >= SAME)
      wrong.push(
        `${where}, for ${request.name}: ${fault}, and ${off.toFixed(1)} of 255 off the network’s own painting`,
      );
  }
  const twice: string[] = [];
  const unanswered: string[] = [];
  const failed: string[] = [];
  for (const [request, count] of stand) {
    const { name, asks } = request;
    const due = asks.filter(({ acknowledged, standing }) => acknowledged && standing === 'painted').length;
    const told = asks.map(tell).join('; ');
    if (count > due) twice.push(`${name}: ${count} pictures where ${due} were due (${told})`);
    for (const ask of asks) {
      if (ask.paintings > 1) twice.push(`${name}: one question has ${ask.paintings} answers (${told})`);
      if (ask.acknowledged && isPending(ask.standing))
        unanswered.push(`${name}: it was acknowledged and never answered (${told})`);
      if (ask.standing === 'failed') failed.push(`${name}: (${told})`);
    }
    if (due === 0) unanswered.push(`${name}: no picture came (${told})`);
  }
  return { answers: shown.length - wrong.length, twice, unanswered, failed, wrong };
}

function tell({ acknowledged, standing, words }: JudgedAsk): string {
  return `${acknowledged ? 'acknowledged' : 'not acknowledged'}, ${standing}${words === '' ? '' : `, “${words}”`}`;
}

async function sizeOf(bytes: Uint8Array): Promise<string> {
  const { width, height } = await sharp(bytes).metadata();
  return `${width} × ${height}`;
}

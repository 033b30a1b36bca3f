import { UserError } from '../../errors.ts';

/** A sound file that cannot serve as the loss network. @param why goes on from a colon */
export function unsupported(file: string, why: string): UserError {
  const sentence = `${file} cannot be the loss network: ${why}.`;
  return new UserError('loss-network-unsupported', sentence, { data: { file } });
}

/** A file that is not as it was published. @param why goes on from a colon */
export function damaged(file: string, why: string, cause?: unknown): UserError {
  const sentence = `${file} is damaged: ${why}. Fetch it again.`;
  return new UserError('loss-network-damaged', sentence, { data: { file }, cause });
}

/** A file with other layers than a VGG's. @param why goes on from a colon */
export function notVgg(file: string, why: string): UserError {
  const sentence = `${file} does not hold a VGG-16 or VGG-19: ${why}.`;
  return new UserError('loss-network-not-vgg', sentence, { data: { file } });
}

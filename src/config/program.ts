import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Fields, field, folder, lines, list, switched, text, whole } from './fields.ts';

/** What every process may need; what each means stands in its help line below. Folders are absolute. */
export interface ProgramSettings {
  readonly redisUrl: string | undefined;
  readonly redisBinary: string;
  readonly redisArgv0: string;
  readonly state: string;
  readonly secret: string | undefined;
  readonly olderSecrets: readonly string[] | undefined;
  readonly models: string;
  readonly data: string | undefined;
  readonly provider: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly precision: 'auto' | 'float32' | 'float16';
  readonly providerFallback: boolean;
  readonly workers: number;
  readonly threads: number | undefined;
  readonly jobSeconds: number;
  readonly childMegabytes: number;
  readonly childJobs: number;
  readonly workingSize: number;
  readonly upscaleMegapixels: number;
  readonly pictureMegabytes: number;
  readonly pictureMegapixels: number;
  readonly pictureSide: number;
  readonly animationFrames: number;
  readonly animationMegapixels: number;
  readonly artefactHours: number;
  readonly artefactMegabytes: number;
  readonly maxOpenRequests: number;
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[] | undefined;
}

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The program's own settings. */
export const programFields: Fields<ProgramSettings> = {
  redisUrl: field(text.optional(), {
    variable: 'REDIS_URL',
    expected: 'an address such as redis://host:6379/0 or redis+unix:///path/to/redis.sock',
    help: 'the Redis to use; without one, “up” starts its own in the state folder',
    secret: 'login',
  }),
  redisBinary: field(text.prefault('redis-server'), {
    variable: 'IMPASTO_REDIS_BINARY',
    expected: 'a program’s name or path',
    help: 'the program that “up” starts as its own Redis',
  }),
  redisArgv0: field(text.prefault('redis-server'), {
    variable: 'IMPASTO_REDIS_ARGV0',
    expected: 'a program’s name',
    help: 'the name to start it under, where the same binary has several',
  }),
  state: field(folder.prefault(join(homedir(), '.local', 'state', 'impasto')), {
    variable: 'IMPASTO_STATE',
    expected: 'a folder',
    help: 'where the program keeps its Redis, its secret and its trainings',
    byDefault: '~/.local/state/impasto',
  }),
  secret: field(text.min(16).optional(), {
    variable: 'IMPASTO_SECRET',
    expected: '16 characters or more',
    help: 'encrypts what is needed to answer; made in the state folder where it is not set',
    secret: 'all',
  }),
  olderSecrets: field(lines.pipe(z.array(text.min(16))).optional(), {
    variable: 'IMPASTO_SECRET_OLD',
    expected: '16 characters or more in each line',
    help: 'earlier values of IMPASTO_SECRET, one a line: what they encrypted can still be read',
    secret: 'all',
  }),
  models: field(folder.prefault(join(packageFolder, 'models')), {
    variable: 'IMPASTO_MODELS',
    expected: 'a folder',
    help: 'the folder of the catalogue and its networks',
    byDefault: 'models, beside the program',
  }),
  data: field(folder.optional(), {
    variable: 'IMPASTO_DATA',
    expected: 'a folder',
    help: 'artworks and the loss network, for evaluation; without it, ../shared/data beside the program if there is one',
    byDefault: '',
  }),
  provider: field(z.enum(['auto', 'cpu', 'cuda', 'webgpu']).prefault('cpu'), {
    variable: 'PROVIDER',
    expected: 'auto, cpu, cuda or webgpu',
    help: 'where networks run; auto takes a graphics card that is there and works',
  }),
  precision: field(z.enum(['auto', 'float32', 'float16']).prefault('auto'), {
    variable: 'PRECISION',
    expected: 'auto, float32 or float16',
    help: 'in what numbers networks run on a graphics card; auto takes float16 where it passes a test',
  }),
  providerFallback: field(switched.prefault('on'), {
    variable: 'PROVIDER_FALLBACK',
    expected: 'on or off',
    help: 'take the cpu where the provider cannot start or be trusted, and say so; off refuses instead',
  }),
  workers: field(whole(1, 256).prefault(String(Math.ceil(availableParallelism() / 4))), {
    variable: 'WORKERS',
    expected: 'a whole number from 1 to 256',
    help: 'pictures painted at once, each in a process of its own',
    byDefault: 'a quarter of the cores',
  }),
  threads: field(whole(1, 256).optional(), {
    variable: 'THREADS',
    expected: 'a whole number from 1 to 256',
    help: 'threads of each of these; fewer are faster where the machine is busy',
    byDefault: 'the cores, shared out among WORKERS',
  }),
  jobSeconds: field(whole(1, 86_400).prefault('300'), {
    variable: 'JOB_SECONDS',
    expected: 'a whole number from 1 to 86400',
    help: 'a picture that takes longer is given up',
  }),
  childMegabytes: field(whole(128, 1_048_576).prefault('2048'), {
    variable: 'CHILD_MEGABYTES',
    expected: 'a whole number from 128 to 1048576',
    help: 'a painting process that holds more memory after a picture is replaced',
  }),
  childJobs: field(whole(1, 1_000_000).prefault('200'), {
    variable: 'CHILD_JOBS',
    expected: 'a whole number from 1 to 1000000',
    help: 'a painting process is replaced after so many pictures',
  }),
  workingSize: field(whole(256, 8192).prefault('1536'), {
    variable: 'WORKING_SIZE',
    expected: 'a whole number from 256 to 8192',
    help: 'long side, in pixels, at which large pictures are painted',
  }),
  upscaleMegapixels: field(whole(1, 268).prefault('64'), {
    variable: 'UPSCALE_MEGAPIXELS',
    expected: 'a whole number from 1 to 268',
    help: 'the largest picture that upscaling makes',
  }),
  pictureMegabytes: field(whole(1, 512).prefault('25'), {
    variable: 'PICTURE_MEGABYTES',
    expected: 'a whole number from 1 to 512',
    help: 'the largest file that is taken',
  }),
  pictureMegapixels: field(whole(1, 268).prefault('50'), {
    variable: 'PICTURE_MEGAPIXELS',
    expected: 'a whole number from 1 to 268',
    help: 'the largest picture that is taken',
  }),
  pictureSide: field(whole(16, 65_535).prefault('16384'), {
    variable: 'PICTURE_SIDE',
    expected: 'a whole number from 16 to 65535',
    help: 'the longest side, in pixels, that is taken',
  }),
  animationFrames: field(whole(2, 10_000).prefault('500'), {
    variable: 'ANIMATION_FRAMES',
    expected: 'a whole number from 2 to 10000',
    help: 'the longest animation that is taken',
  }),
  animationMegapixels: field(whole(1, 268).prefault('40'), {
    variable: 'ANIMATION_MEGAPIXELS',
    expected: 'a whole number from 1 to 268',
    help: 'the largest animation that is taken, all its frames together',
  }),
  artefactHours: field(whole(1, 8760).prefault('24'), {
    variable: 'ARTEFACT_HOURS',
    expected: 'a whole number from 1 to 8760',
    help: 'how long pictures are kept after they were last needed',
  }),
  artefactMegabytes: field(whole(16, 1_048_576).prefault('512'), {
    variable: 'ARTEFACT_MEGABYTES',
    expected: 'a whole number from 16 to 1048576',
    help: 'room for all kept pictures together; what Redis needs beside them stands under Sizing',
  }),
  maxOpenRequests: field(whole(1, 100_000).prefault('500'), {
    variable: 'MAX_OPEN_REQUESTS',
    expected: 'a whole number from 1 to 100000',
    help: 'more requests than this at a time are refused',
  }),
  host: field(text.prefault('127.0.0.1'), {
    variable: 'HOST',
    expected: 'an address',
    help: 'where the playground listens',
  }),
  port: field(whole(0, 65_535).prefault('4700'), {
    variable: 'PORT',
    expected: 'a whole number from 0 to 65535',
    help: 'where the playground listens; 0 takes any free port',
  }),
  allowedHosts: field(list.optional(), {
    variable: 'ALLOWED_HOSTS',
    expected: 'names joined by commas',
    help: 'further names that the playground answers to, without port',
  }),
};

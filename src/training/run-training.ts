import type { Losses } from './session-values.ts';
import type { Trainer } from './trainer.ts';

/** What happens around the steps of a training; everything here may throw, which ends the run. */
export interface RunHooks {
  /** After every step. */
  onStep(step: number, losses: Losses): Promise<void>;
  /** Every `everySeconds`, and once more at the end, finished or stopped. */
  save(state: Trainer['state']): Promise<void>;
}

/** How far a run goes, and how often it saves. */
export interface RunOptions {
  /** The step at which the run is finished. */
  readonly iterations: number;
  readonly everySeconds: number;
  /** Aborting it stops the run after the step at hand. */
  readonly signal: AbortSignal;
}

/**
 * Step until the recipe's iterations are done or the signal aborts, saving as it goes.
 * @returns whether the training is finished
 * @throws ImpastoError `training-diverged`, in which case nothing more is saved, and whatever the hooks throw
 */
export async function runTraining(trainer: Trainer, hooks: RunHooks, options: RunOptions): Promise<boolean> {
  let saved = performance.now();
  let savedStep = -1;
  while (trainer.state.step < options.iterations && !options.signal.aborted) {
    const losses = await trainer.step();
    await hooks.onStep(trainer.state.step, losses);
    // Lets a signal from the keyboard be heard: a run of the graph keeps the thread to itself.
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() - saved >= options.everySeconds * 1000) {
      await hooks.save(trainer.state);
      savedStep = trainer.state.step;
      saved = performance.now();
    }
  }
  if (savedStep !== trainer.state.step) await hooks.save(trainer.state);
  return trainer.state.step >= options.iterations;
}

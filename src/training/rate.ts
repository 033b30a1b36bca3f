/** How fast a training goes, and how that changes. */
export interface Rate {
  /** Adam's learning rate. */
  readonly rate: number;
  /** `constant`, or `cosine`: falling to a hundredth of the rate over the iterations. */
  readonly schedule: 'constant' | 'cosine';
  /** Steps in all. */
  readonly iterations: number;
}

/** The learning rate at a step, counted from 1. */
export function rateAt(recipe: Rate, step: number): number {
  if (recipe.schedule === 'constant') return recipe.rate;
  const done = Math.min(1, (step - 1) / recipe.iterations);
  return recipe.rate * (0.01 + 0.99 * (0.5 + 0.5 * Math.cos(Math.PI * done)));
}

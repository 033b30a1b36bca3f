import { parser } from '@prometheus-io/lezer-promql';

/** One series that a PromQL expression asks for. */
export interface Selected {
  readonly metric: string;
  readonly labels: readonly string[];
}

/**
 * What an expression asks for, and the labels that it groups by.
 * @throws where it is no PromQL
 */
export function readPromql(expression: string): {
  readonly selected: readonly Selected[];
  readonly grouped: readonly string[];
} {
  const selected: { metric: string; labels: string[] }[] = [];
  const grouped: string[] = [];
  let inGrouping = false;
  parser.parse(expression).iterate({
    enter: ({ type, name, from, to }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') selected.push({ metric: '', labels: [] });
      if (name === 'GroupingLabels') inGrouping = true;
      const current = selected.at(-1);
      if (name === 'Identifier' && current?.metric === '') current.metric = text;
      if (name === 'LabelName' && inGrouping) grouped.push(text);
      else if (name === 'LabelName') current?.labels.push(text);
    },
    leave: ({ name }) => {
      if (name === 'GroupingLabels') inGrouping = false;
    },
  });
  return { selected, grouped };
}

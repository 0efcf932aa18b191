import type { Term } from './quantity.js';
import type { Question } from './questions.js';
import type { Step } from './Step.js';

/** The tool calls that answer a question, the last one first; undefined for a question that no tool can answer. */
export const stepOf = (question: Question): Step | undefined => {
  switch (question.type) {
    case 'calculation':
      return calculate(question.expression);
    case 'search':
      return { tool: 'file_search', needs: [], args: () => ({ folder: question.folder, text: question.sought }) };
    case 'conversion': {
      const [to = '', ...more] = question.to;
      let unit = to;
      let step = total(question.terms, to);
      for (const next of more) {
        step = convert(step, unit, next);
        unit = next;
      }
      return step;
    }
    case 'unknown':
      return undefined;
  }
};

/** A sum in one unit: terms of the same unit are added and then converted, others are converted and then added. */
const total = (terms: readonly Term[], to: string): Step => {
  const [first] = terms;
  if (first !== undefined && terms.every(({ unit }) => unit === first.unit))
    return convert(amountOf(sumOf(terms, ({ amount }) => amount)), first.unit, to);
  return {
    tool: 'arithmetic',
    needs: terms.map(({ amount, unit }) => convert(amountOf(amount), unit, to)),
    args: (values) => ({ expression: sumOf(terms, (_, i) => String(values[i])) }),
    unit: to,
  };
};

const sumOf = (terms: readonly Term[], amount: (term: Term, index: number) => string): string =>
  terms.map((term, i) => (i === 0 ? '' : ` ${term.sign} `) + amount(term, i)).join('');

/** A number as it stands, or what an expression gives. */
const amountOf = (expression: string): number | Step =>
  /^-?\s*\d+(?:\.\d+)?$/.test(expression) ? Number(expression.replaceAll(' ', '')) : calculate(expression);

const calculate = (expression: string): Step => ({ tool: 'arithmetic', needs: [], args: () => ({ expression }) });

const convert = (amount: number | Step, from: string, to: string): Step => ({
  tool: 'unit_conversion',
  needs: [amount],
  args: ([value = 0]) => ({ value, from, to }),
});

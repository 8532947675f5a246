import { useId, useState } from 'react';
import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { Chooser, FormProblem, TextField } from '@/components/field';
import { toast } from '@/components/toast';
import { ApiError, messageOf } from '@/lib/http';
import { useChangeRfmRules, type RfmRule, type RfmRules, type RfmRulesUpdate } from '../api/rfm-rules';
import type { Rfm } from '../api/views';
import { FIGURES, SCORES, type Figure } from './rfm-scores';

const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });

/** Takes a change of the rules, and offers those before. */
function useChange(orders: number, rules: RfmRules) {
  const change = useChangeRfmRules(orders);
  const before = { cut_points: rules.cut_points, segments: rules.segments_are === 'given' ? rules.segments : null };
  const take = (next: RfmRulesUpdate, said: string, done: () => void): void =>
    change.mutate(next, {
      onSuccess: () => {
        toast(said, { about: `orders/${orders}/rfm-rules`, undo: () => void change.mutateAsync('segments' in next ? { segments: before.segments } : { cut_points: before.cut_points }).catch(failed) });
        done();
      },
    });
  return { take, change };
}

const ANY = [1, 5];
const spanOf = ([from, to]: readonly number[]): string => (from === to ? String(from) : from === ANY[0] && to === ANY[1] ? 'any' : `${from}–${to}`);

/** Which scores lead to which segment. */
export function RuleTable({ rules, figures }: { rules: RfmRules; figures: readonly Figure[] }) {
  return (
    <table className="w-full text-small">
      <caption className="sr-only">Scores of each segment</caption>
      <thead className="text-soft">
        <tr>
          <th scope="col" className="py-1.5 text-left font-normal">Segment</th>
          {figures.map((figure) => (
            <th key={figure} scope="col" className="py-1.5 pl-3 text-right font-normal">
              {FIGURES[figure].score}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rules.segments.map((rule, index) => (
          <tr key={index} className="border-t border-line">
            <th scope="row" className="py-2 text-left font-normal [overflow-wrap:anywhere]">
              {rule.name}
            </th>
            {figures.map((figure) => (
              <td key={figure} className="py-2 pl-3 text-right whitespace-nowrap">
                {spanOf(rule[figure])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DialogProps {
  orders: number;
  rules: RfmRules;
  figures: readonly Figure[];
  onClose: () => void;
}

/** A rule in two, one for those who spent less and one for those who spent more. */
function divided(rule: RfmRule): RfmRule[] {
  const [from = 1, to = 5] = rule.monetary;
  const low = from + Math.floor((to - from) / 2);
  return [
    { ...rule, monetary: [from, low] },
    { ...rule, name: `${rule.name}, high spenders`, monetary: [low + 1, to] },
  ];
}

/** Names the combinations of scores; each has to belong to one segment, which the server checks. */
export function RuleDialog({ orders, rules, figures, onClose }: DialogProps) {
  const { take, change } = useChange(orders, rules);
  const [rows, setRows] = useState(() => rules.segments.map((rule, id) => ({ id, rule })));
  const [made, setMade] = useState(rows.length);
  const replace = (id: number, into: readonly RfmRule[]): void => {
    setRows(rows.flatMap((row) => (row.id === id ? into.map((rule, index) => ({ id: index === 0 ? id : made, rule })) : [row])));
    setMade(made + 1);
  };
  const add = (): void => {
    setRows([...rows, { id: made, rule: { name: '', recency: [1, 5], frequency: [1, 5], monetary: [1, 5] } }]);
    setMade(made + 1);
  };
  return (
    <Dialog title="Segments by score" description="5 is best: most recent, most orders, most money. Every combination of scores belongs to one segment; a segment may have several rows." wide onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          take({ segments: rows.map(({ rule }) => ({ ...rule, name: rule.name.trim() })) }, 'Customers are named by your segments now', onClose);
        }}
      >
        <ul aria-label="Segments" className="flex flex-col divide-y divide-line border-y border-line">
          {rows.map(({ id, rule }, index) => (
            <RuleRow
              key={id}
              rule={rule}
              label={rule.name.trim() === '' ? `row ${index + 1}` : rule.name}
              figures={figures}
              onChange={(next) => replace(id, [next])}
              onDivide={figures.includes('monetary') && (rule.monetary[0] ?? 1) < (rule.monetary[1] ?? 5) ? () => replace(id, divided(rule)) : undefined}
              onRemove={rows.length > 1 ? () => replace(id, []) : undefined}
            />
          ))}
        </ul>
        <FormProblem>{change.error ? messageOf(change.error) : null}</FormProblem>
        <div className="flex flex-wrap justify-end gap-2">
          <Button icon="plus" className="mr-auto" onClick={add}>
            Add a segment
          </Button>
          {rules.segments_are === 'given' ? <Button onClick={() => take({ segments: null }, 'Customers have the usual segments again', onClose)}>Use the usual segments</Button> : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={change.isPending}>
            Save segments
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface RowProps {
  rule: RfmRule;
  /** What its controls are called for those who do not see the row. */
  label: string;
  figures: readonly Figure[];
  onChange: (rule: RfmRule) => void;
  onDivide: (() => void) | undefined;
  onRemove: (() => void) | undefined;
}

function RuleRow({ rule, label, figures, onChange, onDivide, onRemove }: RowProps) {
  return (
    <li className="flex flex-wrap items-end gap-x-4 gap-y-2 py-3">
      <TextField label="Name" required maxLength={100} fieldClass="grow basis-40" value={rule.name} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
      {figures.map((figure) => (
        <Span key={figure} title={FIGURES[figure].score} label={label} span={rule[figure]} onChange={(span) => onChange({ ...rule, [figure]: span })} />
      ))}
      <span className="ml-auto flex items-center">
        {onDivide ? (
          <Button look="quiet" aria-label={`Divide ${label} by money`} onClick={onDivide}>
            Divide by money
          </Button>
        ) : null}
        {onRemove ? <IconButton icon="trash" label={`Remove ${label}`} onClick={onRemove} /> : null}
      </span>
    </li>
  );
}

/** From one score to another; an end that passes the other takes it along. */
function Span({ title, label, span, onChange }: { title: string; label: string; span: readonly number[]; onChange: (span: number[]) => void }) {
  const id = useId();
  const [from = 1, to = 5] = span;
  const choose = (end: 'from' | 'to', value: number, set: (score: number) => number[]) => (
    <Chooser aria-label={`${title} of ${label}, ${end}`} className="min-h-11 rounded-control border border-edge bg-surface pl-2.5 md:min-h-9" value={value} onChange={(event) => onChange(set(Number(event.target.value)))}>
      {SCORES.map((score) => (
        <option key={score}>{score}</option>
      ))}
    </Chooser>
  );
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-1">
      <span id={id} className="text-small font-strong">
        {title}
      </span>
      <span className="flex items-center gap-1">
        {choose('from', from, (score) => [score, Math.max(score, to)])}
        <span aria-hidden>–</span>
        {choose('to', to, (score) => [Math.min(from, score), score])}
      </span>
    </div>
  );
}

/** Own points at which the scores change, which hold for every date. */
export function CutPointDialog({ orders, rules, rfm, onClose }: Omit<DialogProps, 'figures'> & { rfm: Rfm }) {
  const { take, change } = useChange(orders, rules);
  const [texts, setTexts] = useState(() => Object.fromEntries(rfm.cut_points.map(({ figure, edges }) => [figure, edges.map(String)])) as Partial<Record<Figure, string[]>>);
  const problems = change.error instanceof ApiError ? change.error.fields : {};
  const numbers = (figure: Figure): number[] => (texts[figure] ?? ['0', '0', '0', '0']).map((text) => (text.trim() === '' ? NaN : Number(text.replace(',', '.'))));
  const isWhole = (Object.keys(texts) as Figure[]).every((figure) => numbers(figure).every(Number.isFinite));
  const onFields = Object.keys(problems).some((name) => name.startsWith('cut_points.'));
  return (
    <Dialog title="Where the scores change" description="The largest figure of each group but the last. They hold for every date of these orders." wide onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) take({ cut_points: { recency: numbers('recency'), frequency: numbers('frequency'), monetary: numbers('monetary') } }, 'Customers are scored by your cut points now', onClose);
        }}
      >
        {(Object.entries(texts) as [Figure, string[]][]).map(([figure, edges]) => (
          <fieldset key={figure} className="flex flex-col gap-1">
            <legend className="mb-1 font-strong">{FIGURES[figure].title}</legend>
            <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
              {edges.map((text, index) => (
                <TextField
                  key={index}
                  label={FIGURES[figure].edge(index + 1)}
                  inputMode="decimal"
                  error={Number.isFinite(numbers(figure)[index]) ? undefined : 'Enter a number'}
                  value={text}
                  onChange={(event) => setTexts({ ...texts, [figure]: edges.map((each, at) => (at === index ? event.target.value : each)) })}
                />
              ))}
            </div>
            {problems[`cut_points.${figure}`] ? (
              <p role="alert" className="text-small text-danger">
                {problems[`cut_points.${figure}`]}
              </p>
            ) : null}
          </fieldset>
        ))}
        <FormProblem>{change.error && !onFields ? messageOf(change.error) : null}</FormProblem>
        <div className="flex flex-wrap justify-end gap-2">
          {rules.cut_points === null ? null : (
            <Button className="mr-auto" onClick={() => take({ cut_points: null }, 'Customers are scored by fifths again', onClose)}>
              Use fifths again
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={change.isPending} disabled={!isWhole}>
            Save cut points
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

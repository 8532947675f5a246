import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import { Bar, SegmentName } from '@/components/segment';
import { Badge } from '@/components/states';
import { Table, type Column } from '@/components/table';
import { formatCount, formatScore, formatShare, plural } from '@/lib/format';
import type { Usefulness } from '../api/charted';
import { markOf, OutcomeChart, outcomeFormat, whatIsCompared, type Outcome } from './outcome-chart';

/** From which p on a difference may be chance. */
const BY_CHANCE = 0.05;

const chance = (p: number): string => (p <= 0.001 ? 'p = 0.001 or less' : `p = ${p.toPrecision(2)}`);

/** A lift in words, with its interval. */
export function sayLift({ lift, lift_low, lift_high }: Pick<Outcome, 'lift' | 'lift_low' | 'lift_high'>): string {
  if (lift === null) return '–';
  const clear = lift_low !== null && lift_high !== null && (lift_low > 1 || lift_high < 1);
  if (!clear) return 'about the same';
  return lift > 1 ? `${formatScore(lift)} times as much` : `${formatShare(1 - lift)} less`;
}

const interval = (low: number | null, high: number | null, format: (value: number) => string): string => (low === null || high === null ? '' : `${format(low)} to ${format(high)}`);

/** What the segments say about a column that they were not made from: words first, then figures. */
export function UsefulnessView({ found }: { found: Usefulness }) {
  const isChance = found.p_value > BY_CHANCE;
  const format = outcomeFormat(found);
  const columns: Column<Outcome>[] = [
    {
      id: 'segment',
      title: 'Segment',
      cell: (row) => (
        <div className="max-md:py-1.5">
          <SegmentName wrap segment={markOf(row)} name={row.cluster_name} />
          <p className="pl-5 text-soft md:hidden">
            {format(row.value)} {row.low === null ? '' : `(${interval(row.low, row.high, format)}) `}of {plural(row.size, 'customer')}
          </p>
        </div>
      ),
    },
    { id: 'customers', title: 'Customers', number: true, wideOnly: true, cell: (row) => formatCount(row.size) },
    {
      id: 'value',
      title: found.kind === 'category' ? 'Share' : 'Mean',
      number: true,
      wideOnly: true,
      cell: (row) => (
        <>
          {format(row.value)} <span className="block text-soft">{interval(row.low, row.high, format)}</span>
        </>
      ),
    },
    {
      id: 'lift',
      title: 'Compared with all',
      number: true,
      cell: (row) => (
        <>
          {sayLift(row)} <span className="block text-soft">
            {row.lift === null ? '' : `lift ${formatScore(row.lift)}`}
            <span className="max-md:block">{row.lift_low === null ? '' : ` (${interval(row.lift_low, row.lift_high, formatScore)})`}</span>
          </span>
        </>
      ),
    },
  ];
  const missing = found.n_missing > 0 ? ` ${plural(found.n_missing, 'customer')} without a value ${found.n_missing === 1 ? 'is' : 'are'} left out.` : '';
  const measured = found.sample_size < found.n_customers ? ` Measured on a sample of ${plural(found.sample_size, 'customer')}.` : '';
  return (
    <>
      <Section title="In words">
        <p>
          <Badge tone={isChance ? 'warn' : 'good'}>{isChance ? 'No evidence of a difference' : 'The segments differ'}</Badge> {found.sentence}
          <Explained term="chance" figure={chance(found.p_value)} />
        </p>
        <p className="mt-2 text-small text-soft">
          {plural(found.n_customers, 'customer')} with a value.{missing} None of this shows a cause: to learn whether an action changes {found.column}, test it with a control group.
        </p>
      </Section>
      <Section title={whatIsCompared(found)} note={`${format(found.overall)} over all customers`}>
        <OutcomeChart found={found} />
      </Section>
      <Section title="Lift by segment" flush>
        <Table caption="Lift by segment" columns={columns} rows={found.segments} rowKey={(row) => row.cluster} />
      </Section>
      <Section title="How much do the segments explain?" note={`Of the differences between customers in ${found.column}, on customers whose values were not used.${measured}`}>
        <ul className="flex max-w-2xl flex-col gap-4 text-small">
          {(
            [
              ['The segments', found.explained_by_segments, 'var(--accent)'],
              ['A simple model on the same columns', found.explained_by_model, 'var(--noise)'],
            ] as const
          ).map(([name, share, color]) => (
            <li key={name} className="flex flex-col gap-1">
              <span className="flex justify-between gap-4">
                <span>{name}</span>
                <span className="tabular-nums">{share <= 0 ? 'nothing' : formatShare(share)}</span>
              </span>
              <Bar share={share} color={color} />
            </li>
          ))}
        </ul>
        <p className="mt-4 text-small text-soft">
          {found.measure === 'cramers_v' ? 'Cramér’s V' : 'η²'} is {formatScore(found.association)} on all customers and {formatScore(found.association_held_out)} on customers whose values were not used.
          <Explained term="association" figure={`${found.measure === 'cramers_v' ? 'Cramér’s V' : 'η²'} ${formatScore(found.association_held_out)}`} /> The simple model is a decision tree; segments nearly always lose against it, as they were not made for this column.
        </p>
      </Section>
    </>
  );
}

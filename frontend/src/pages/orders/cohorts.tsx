import { useSearchParams } from 'react-router';
import { Select } from '@/components/field';
import { Section } from '@/components/layout';
import { Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { CohortMap, useBook, useCohorts, type Measure, type Period } from '@/features/orders';
import { isRefused } from '@/lib/http';

const PERIODS: Record<Period, string> = { week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year' };
const MEASURES: Record<Measure, string> = { customers: 'Customers who came back', orders: 'Orders', revenue: 'Money', cumulative: 'Money so far' };

const oneOf = <Name extends string>(words: Record<Name, string>, text: string | null, otherwise: Name): Name => (text !== null && text in words ? (text as Name) : otherwise);

export default function OrderCohortsPage() {
  const { orders } = useBook();
  const [address, setAddress] = useSearchParams();
  const by = oneOf(PERIODS, address.get('by'), 'month');
  const measure = oneOf(MEASURES, address.get('measure'), 'customers');
  const cohorts = useCohorts(orders.id, by, measure);
  const change = (name: string, value: string): void =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const [only = null, ...others] = orders.ledger?.currencies ?? [];
  const currency = orders.settings.currency ?? (others.length > 0 ? null : only);
  return (
    <Section title="Do customers come back after their first order?">
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-4">
          <Select label="What to show" value={measure} onChange={(event) => change('measure', event.target.value)}>
            {Object.entries(MEASURES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
          <Select label="By" value={by} onChange={(event) => change('by', event.target.value)}>
            {Object.entries(PERIODS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </div>
        <Loaded
          query={cohorts}
          skeleton={<SkeletonBlock height={420} />}
          onError={(error) =>
            isRefused(error) ? (
              <Empty icon="warning" title="This cannot be shown">
                {error.message}
              </Empty>
            ) : (
              <Problem error={error} retry={() => void cohorts.refetch()} />
            )
          }
        >
          {(data) => (
            <div aria-busy={cohorts.isPlaceholderData} className={cohorts.isPlaceholderData ? 'opacity-60' : ''}>
              <CohortMap cohorts={data} by={data.by as Period} measure={data.measure as Measure} currency={currency} />
            </div>
          )}
        </Loaded>
      </div>
    </Section>
  );
}

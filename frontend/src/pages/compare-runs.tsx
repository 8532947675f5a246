import { useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Explained } from '@/components/explained';
import { Select } from '@/components/field';
import { Page, Section } from '@/components/layout';
import { marksAfter, type Marks } from '@/components/movement';
import { Bar, SegmentName } from '@/components/segment';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { betterOf, methodOf, RunComparison, steadinessOf, useRunComparison, useRuns, transformOf, verdictOf, type Run } from '@/features/runs';
import { formatCount, formatScore, formatShare, formatTime } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';

export default function CompareRunsPage() {
  const runs = useRuns();
  return (
    <Page
      title="Which segmentation is better?"
      lead="Compare two segmentations of a table: which customers change segment, how well separated the segments are, and how large they are."
      hasLink
      actions={<LinkButton to="/segmentations">All segmentations</LinkButton>}
    >
      <Loaded query={runs} skeleton={<SkeletonBlock height={720} />}>
        {(all) => <Chosen runs={all} />}
      </Loaded>
    </Page>
  );
}

/** The two that the address names, and a way to choose others. */
function Chosen({ runs }: { runs: readonly Run[] }) {
  const [address, setAddress] = useSearchParams();
  const find = (name: string): Run | undefined => runs.find(({ run_id }) => String(run_id) === address.get(name));
  const [first, second] = [find('a'), find('b')];
  const table = (first ?? second)?.dataset_id;
  const choice = table === undefined ? runs : runs.filter(({ dataset_id }) => dataset_id === table);
  const choose = (name: string) => (event: { target: { value: string } }) =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        next.set(name, event.target.value);
        return next;
      },
      { replace: true },
    );
  if (runs.length < 2) {
    return (
      <Empty icon="analyse" title="Nothing to compare yet" action={<LinkButton to="/segmentations">All segmentations</LinkButton>}>
        You need two segmentations of the same table. Find segments in a table twice with different settings.
      </Empty>
    );
  }
  return (
    <>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
        {(['a', 'b'] as const).map((name) => (
          <Select key={name} wrap label={name === 'a' ? 'First' : 'Second'} value={find(name)?.run_id ?? ''} onChange={choose(name)}>
            {find(name) ? null : <option value="">Choose a segmentation</option>}
            {choice.map((run) => (
              <option key={run.run_id} value={run.run_id}>
                {`${run.n_clusters} segments, ${methodOf(run)}, ${formatTime(run.created_at)}`}
              </option>
            ))}
          </Select>
        ))}
      </div>
      {first && second ? (
        <Compared first={first} second={second} />
      ) : (
        <Empty icon="search" title={address.has('a') && address.has('b') ? 'Segmentation not found' : 'Choose two segmentations'}>
          {address.has('a') && address.has('b') ? 'It may have been deleted, or it is not shared with you. Choose another above.' : 'The comparison starts as soon as you choose both.'}
        </Empty>
      )}
    </>
  );
}

const own: Marks = (segment) => segment;
const unknown: Marks = () => -1;

function Compared({ first, second }: { first: Run; second: Run }) {
  const ofOneTable = first.dataset_id === second.dataset_id;
  const comparison = useRunComparison(second.run_id, first.run_id, ofOneTable);
  // Grey until it is known which segments are the same: no segment changes its colour while one looks.
  const marks = comparison.data ? marksAfter(comparison.data.segments, first.n_clusters) : ofOneTable ? unknown : own;
  const steadiness = steadinessOf(first, second);
  return (
    <>
      <div className="flex flex-col gap-1">
        <p>{betterOf(first, second)}</p>
        {steadiness ? (
          <p>
            {steadiness}<Explained term="stability" figure={`Lowest Jaccard ${[first, second].map(({ validation }) => formatScore(validation?.stability?.weakest)).join(' and ')}`} />
          </p>
        ) : (
          <p>Stability was not checked for both.</p>
        )}
      </div>
      <Section title="Which customers change segment?">
        {ofOneTable ? (
          <Loaded query={comparison} skeleton={<SkeletonBlock height={560} />}>
            {(found) => <RunComparison comparison={found} first={first} second={second} />}
          </Loaded>
        ) : (
          <p className="text-soft">
            These segmentations are from two tables, {first.dataset} and {second.dataset}, so no customers can be matched between them. You can still compare how well separated the segments are.
          </p>
        )}
      </Section>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Side run={first} place="First" marks={own} />
        <Side run={second} place="Second" marks={marks} />
      </div>
    </>
  );
}

function Side({ run, place, marks }: { run: Run; place: string; marks: Marks }) {
  const sizeOf = (segment: number): number => run.cluster_sizes[segment] ?? 0;
  const order = run.cluster_names.map((_, segment) => segment).sort((a, b) => sizeOf(b) - sizeOf(a));
  return (
    <Section
      title={`${place}: ${run.n_clusters} segments, ${methodOf(run)}`}
      note={<span className="[overflow-wrap:anywhere]">{run.dataset}</span>}
      actions={<LinkButton to={`/runs/${run.run_id}`}>Open</LinkButton>}
    >
      <div className="flex flex-col gap-5">
        <p>
          {verdictOf(run)}<Explained term="silhouette" figure={`Silhouette ${formatScore(run.silhouette_score)}`} />
        </p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 text-small">
          {[
            ['Customers', formatCount(run.n_samples)],
            ['In no segment', formatCount(run.n_noise)],
            ['Columns', run.columns.join(', ')],
            ['Skewed numbers', transformOf(run)],
          ].map(([term, value]) => (
            <div key={term} className="col-span-2 grid grid-cols-subgrid border-t border-line py-2">
              <dt className="text-soft">{term}</dt>
              <dd className="text-right [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <ul className="flex flex-col gap-3 text-small">
          {order.map((segment) => {
            const size = sizeOf(segment);
            return (
              <li key={segment} className="flex flex-col gap-1">
                <span className="flex justify-between gap-4">
                  <SegmentName wrap segment={marks(segment)} name={run.cluster_names[segment] ?? ''} />
                  <span className="whitespace-nowrap tabular-nums">
                    {formatCount(size)} <span className="text-soft">{formatShare(size / run.n_samples)}</span>
                  </span>
                </span>
                <Bar share={size / run.n_samples} color={segmentVariable(marks(segment))} />
              </li>
            );
          })}
        </ul>
        {order.some((segment) => marks(segment) !== segment && marks(segment) >= 0) ? (
          <p className="text-small text-soft">Segments found in both use the first segmentation’s colour here; it may differ from the colour on their own page.</p>
        ) : null}
      </div>
    </Section>
  );
}

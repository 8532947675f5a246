import { useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { Bar, SegmentName } from '@/components/segment';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { methodOf, useRun, verdictOf, type Run } from '@/features/runs';
import { formatCount, formatScore, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';

export default function CompareRunsPage() {
  const [address] = useSearchParams();
  const sides = [useRun(Number(address.get('a'))), useRun(Number(address.get('b')))];
  return (
    <Page title="Which segmentation is better?" lead="Two segmentations side by side: how clearly their segments stand apart, and how large they are." actions={<LinkButton to="/datasets">All segmentations</LinkButton>}>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        {sides.map((query, index) => (
          <Loaded key={index} query={query} skeleton={<SkeletonBlock height={420} />}>
            {(run) => (run ? <Side run={run} /> : <Empty icon="search" title="No such segmentation">It may have been deleted, or it is not shared with you.</Empty>)}
          </Loaded>
        ))}
      </div>
    </Page>
  );
}

function Side({ run }: { run: Run }) {
  return (
    <Section title={`${run.n_clusters} segments, ${methodOf(run)}`} note={run.dataset} actions={<LinkButton to={`/runs/${run.run_id}`}>Open</LinkButton>}>
      <div className="flex flex-col gap-5">
        <p>{verdictOf(run)}</p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 text-small">
          {[
            ['Silhouette', formatScore(run.silhouette_score)],
            ['Customers', formatCount(run.n_samples)],
            ['In no segment', formatCount(run.n_noise)],
            ['Columns', run.columns.join(', ')],
            ['Skewed numbers', run.transform],
          ].map(([term, value]) => (
            <div key={term} className="col-span-2 grid grid-cols-subgrid border-t border-line py-2">
              <dt className="text-soft">{term}</dt>
              <dd className="text-right [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <ul className="flex flex-col gap-3 text-small">
          {run.cluster_names.map((name, segment) => {
            const size = run.cluster_sizes[segment] ?? 0;
            return (
              <li key={segment} className="flex flex-col gap-1">
                <span className="flex justify-between gap-4">
                  <SegmentName segment={segment} name={name} />
                  <span className="whitespace-nowrap tabular-nums">
                    {formatCount(size)} <span className="text-soft">{formatShare(size / run.n_samples)}</span>
                  </span>
                </span>
                <Bar share={size / run.n_samples} color={segmentVariable(segment)} />
              </li>
            );
          })}
        </ul>
      </div>
    </Section>
  );
}

import { useMemo } from 'react';
import { SweepChart } from '@/charts/sweep-chart';
import { LinkButton } from '@/components/button';
import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import { Bar } from '@/components/segment';
import { Loaded, Notice, SkeletonBlock } from '@/components/states';
import { addressIn, Advice, inOrder, inWordsOf, lastingMarks, OrderButton, SegmentTitle, useInsights, useOpened } from '@/features/segmentations';
import { CustomerMap, SegmentAverages, useClusters, useElbow, usePoints } from '@/features/segments';
import { formatScore, formatShare, plural } from '@/lib/format';
import { separationOf } from '@/lib/meanings';
import { segmentVariable } from '@/lib/palette';
import { hasRole, useAccount } from '@/lib/session';

/** The segmentation of the four fixed columns, which everyone has; its customers are for analysts. */
export function CoreOverview() {
  const { version, id, mayChange } = useOpened();
  const isAnalyst = hasRole(useAccount(), 'analyst');
  const at = version.is_active ? undefined : version.version;
  const insights = useInsights({ id, version: at });
  const clusters = useClusters();
  const points = usePoints(version.version);
  const elbow = useElbow();
  const marks = useMemo(() => lastingMarks(version.segments), [version.segments]);
  const segments = useMemo(() => inWordsOf(version.segments, clusters.data?.clusters ?? []), [version.segments, clusters.data]);
  return (
    <>
      <Section
        title="What was found"
        actions={isAnalyst ? <LinkButton to={`/models/${version.version}`}>More about this version</LinkButton> : null}
      >
        <p>
          {plural(version.n_segments, 'segment')} of {plural(version.n_customers, 'customer')}. {version.headline ?? separationOf(version.silhouette_score)}
          <Explained term="silhouette" figure={`Silhouette ${formatScore(version.silhouette_score)}`} />
        </p>
      </Section>
      {version.warnings.length > 0 ? (
        <Notice tone="warn">
          {version.warnings.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      ) : null}
      <section aria-labelledby="segments" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <h2 id="segments">The segments</h2>
          <OrderButton id={id} segments={version.segments} mayChange={mayChange} />
        </div>
        <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {inOrder(version.segments).map((segment) => (
            <li key={segment.lasting_id} className="flex min-w-0 flex-col gap-3 rounded-card border border-line bg-surface p-4 md:p-5">
              <h3>
                <SegmentTitle id={id} segment={segment} {...(isAnalyst ? { to: addressIn(id, `segments/${segment.lasting_id}`, at) } : {})} mayChange={mayChange} />
              </h3>
              <p className="flex justify-between text-small">
                <span>{plural(segment.size, 'customer')}</span>
                <span className="text-soft">{formatShare(segment.share)}</span>
              </p>
              <Bar share={segment.share} color={segmentVariable(segment.lasting_id)} />
              <Advice segment={segment} found={insights.data} />
            </li>
          ))}
        </ul>
      </section>
      {version.is_active ? (
        <>
          <Section title="Averages by segment">
            <Loaded query={clusters} skeleton={<SkeletonBlock height={360} />}>
              {() => <SegmentAverages segments={segments} marks={marks} />}
            </Loaded>
          </Section>
          <Section title="Map of customers">
            <Loaded query={points} skeleton={<SkeletonBlock height={520} />}>
              {(data) => <CustomerMap points={data} segments={segments} marks={marks} />}
            </Loaded>
          </Section>
          <Section title="How many segments are there?">
            <Loaded query={elbow} skeleton={<SkeletonBlock height={280} />}>
              {(data) => (
                <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
                  <SweepChart sweep={data} chosen={version.n_segments} measure="silhouette_scores" />
                  <SweepChart sweep={data} chosen={version.n_segments} measure="inertias" />
                </div>
              )}
            </Loaded>
          </Section>
        </>
      ) : null}
    </>
  );
}

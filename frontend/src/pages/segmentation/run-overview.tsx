import { useCallback, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import { SweepChart } from '@/charts/sweep-chart';
import { LinkButton, TextLink } from '@/components/button';
import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import type { Marks } from '@/components/movement';
import { Loaded, Notice, SkeletonBlock } from '@/components/states';
import { toast } from '@/components/toast';
import { VerdictBadge } from '@/components/verdict';
import { CutBar, Dendrogram, JobProgress, methodOf, ProfileMap, Reality, saidOf, Scatter, SegmentCards, strongestOf, transformOf, useDendrogram, useLookedAt, useProjection, useSegments, verdictOf, type Profile, type Run } from '@/features/runs';
import { addressIn, Advice, AdviceForAll, inOrder, lastingMarks, isVersionJob, OrderButton, SegmentTitle, useInsights, useOpened, useTrainVersion, type Segment } from '@/features/segmentations';
import { formatCount, formatScore, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';
import { Charts } from './charts';

const NO_NAMES: readonly string[] = [];

/** A version of a table's segmentation, as its run has it: the answer, its pictures, and how it was made. */
export function RunOverview({ run }: { run: Run }) {
  const { version, id, mayChange: owner } = useOpened();
  const at = version.is_active ? undefined : version.version;
  const insights = useInsights({ id, version: at });
  const account = useAccount();
  const navigate = useNavigate();
  const segments = useSegments(run.run_id, 0, 50);
  const isTree = run.algorithm === 'hierarchical';
  const tree = useDendrogram(run.run_id, isTree);
  const lookedAt = useLookedAt(run, tree.data);
  const projection = useProjection(run, lookedAt.asked);
  const keep = useTrainVersion(id);
  const seeIt = useCallback(() => void navigate(addressIn(id)), [navigate, id]);
  const job = keep.data && isVersionJob(keep.data) ? keep.data.id : null;
  // The tree that is cut is the active version's, whose other options stay.
  const keepCut = (n_clusters: number): void =>
    keep.mutate({ algorithm: 'hierarchical', ...(run.linkage === null ? {} : { linkage: run.linkage }), n_clusters }, { onSuccess: (answer) => !isVersionJob(answer) && seeIt(), onError: (error) => toast(messageOf(error), { tone: 'danger' }) });
  const leftOut = Object.entries(run.left_out).map(([name, why]) => `${name} (${why})`);
  const warnings = [...new Set([...version.warnings.map(({ message }) => message), ...run.warnings])];
  const { count, preview, isOther, isStale, marksAt, drawn } = lookedAt;
  const shown = preview?.asked ?? run.n_clusters;
  const cards = useRef<HTMLElement>(null);
  const move = (to: number): void => {
    // Where the cards are scrolled past, it is what stands below them that stays in place as they become more or fewer.
    if (cards.current) cards.current.style.overflowAnchor = cards.current.getBoundingClientRect().bottom < window.innerHeight / 2 ? 'none' : 'auto';
    lookedAt.move(to);
  };
  const namesAt = (n_clusters: number): readonly string[] | undefined => (n_clusters === run.n_clusters ? run.cluster_names : n_clusters === preview?.asked ? preview.cut.cluster_names : undefined);
  // What a preview cannot show says whose it is.
  const stored = isOther ? `From the saved segmentation with ${plural(run.n_clusters, 'segment')}` : undefined;
  const nameOf = (segment: Segment | undefined) => (segment === undefined ? undefined : <SegmentTitle id={id} segment={segment} to={addressIn(id, `segments/${segment.lasting_id}`, at)} mayChange={owner} />);
  const bySegment = new Map(version.segments.map((segment) => [segment.id, segment]));
  const lasting = useMemo(() => lastingMarks(version.segments), [version.segments]);
  // A segment has one mark over all versions; those of other cuts follow it.
  const markIn = useCallback(
    (n_clusters: number): Marks => {
      const own = marksAt(n_clusters);
      return (segment) => lasting(own(segment));
    },
    [marksAt, lasting],
  );
  // A chart that is given the same again keeps what its reader zoomed to.
  const mapped = projection.data?.n_clusters ?? run.n_clusters;
  const marksOnMap = useMemo(() => markIn(mapped), [markIn, mapped]);
  const marksOfTree = useMemo(() => markIn(count), [markIn, count]);
  const order = inOrder(version.segments).map((segment) => segment.id);
  const strongest = useMemo(() => strongestOf(segments.data?.profiles ?? []), [segments.data]);
  const sorted = (profiles: readonly Profile[]): readonly Profile[] => (preview === null ? [...profiles].sort((a, b) => order.indexOf(a.cluster) - order.indexOf(b.cluster)) : profiles);
  return (
    <>
      <Section title="What was found">
        <div className="flex flex-col gap-3">
          <p className="text-pretty">
            {run.validation ? (
              <>
                <VerdictBadge structure={run.validation.structure} />{' '}
              </>
            ) : null}
            {saidOf(preview?.cut) ?? version.headline ?? verdictOf(run)}<Explained term="silhouette" figure={`Silhouette ${formatScore(lookedAt.silhouette)}`} />
          </p>
          <details>
            <summary className="flex min-h-11 items-center text-small text-accent md:min-h-8">How sure is this, and why?</summary>
            <div className="flex flex-col gap-2 pt-1 text-small">
              <Reality run={run} owner={owner} preview={preview} />
            </div>
          </details>
        </div>
      </Section>
      {run.data_changed ? (
        <Notice tone="warn">
          <p>
            The table has changed since these segments were found. {owner ? <TextLink to={`${addressIn(id, 'versions')}?train`}>Train a new version</TextLink> : 'A new version would use it as it is now.'}
          </p>
        </Notice>
      ) : null}
      {warnings.length > 0 ? (
        <Notice tone="warn">
          <ul className="flex flex-col gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {/* What follows the slider stands with it, so that the slider stays in sight. */}
      <div className="flex flex-col gap-6">
        {isTree && (tree.isPending || lookedAt.counts.length > 1) ? <CutBar run={run} lookedAt={{ ...lookedAt, move }} onKeep={owner && version.is_active ? keepCut : undefined} keeping={keep.isPending} /> : null}
        {job !== null ? <JobProgress id={job} onRun={seeIt} /> : null}
        <section ref={cards} aria-labelledby="segments" className="flex flex-col gap-3">
          <div>
            <div className="flex flex-wrap items-center justify-between gap-x-4">
              <h2 id="segments">The segments and what sets each one apart</h2>
              <OrderButton id={id} segments={version.segments} mayChange={owner && preview === null} />
            </div>
            <p className="text-small text-soft">Each figure compares the segment with all other customers.{leftOut.length > 0 ? ` Not used: ${leftOut.join(', ')}.` : ''}</p>
          </div>
          <Loaded query={segments} skeleton={<SkeletonBlock height={240} />}>
            {(data) => (
              <div aria-busy={isStale} className={isStale ? 'opacity-60' : ''}>
                <SegmentCards
                  profiles={sorted(preview?.cut.profiles ?? data.profiles)}
                  stability={(preview === null ? run.validation?.stability?.segments : preview.cut.segment_stability) ?? []}
                  marks={markIn(shown)}
                  nameOf={preview === null ? ({ cluster }) => nameOf(bySegment.get(cluster)) : undefined}
                  adviceOf={preview === null ? ({ cluster }) => <Advice segment={bySegment.get(cluster)} found={insights.data} /> : undefined}
                />
              </div>
            )}
          </Loaded>
        </section>
        {preview === null ? <AdviceForAll found={insights.data} /> : null}
        <Section title="What sets each segment apart">
          <Loaded query={segments} skeleton={<SkeletonBlock height={320} />}>
            {(data) => <ProfileMap profiles={sorted(preview?.cut.profiles ?? data.profiles)} />}
          </Loaded>
        </Section>
        <Section title="Map of customers">
          <Loaded query={projection} skeleton={<SkeletonBlock height={440} />}>
            {(data) => (
              <div aria-busy={data.n_clusters !== count} className={data.n_clusters === count ? '' : 'opacity-60'}>
                <Scatter projection={data} run={run} names={namesAt(data.n_clusters) ?? NO_NAMES} marks={marksOnMap} order={data.n_clusters === run.n_clusters ? order : undefined} />
              </div>
            )}
          </Loaded>
        </Section>
        {isTree ? (
          <Section title="Where to cut the tree">
            <Loaded query={tree} skeleton={<SkeletonBlock height={460} />}>
              {(data) => (drawn === undefined ? null : <Dendrogram run={run} tree={data} cut={drawn} marks={marksOfTree} names={namesAt(count)} />)}
            </Loaded>
          </Section>
        ) : null}
      </div>
      {preview === null ? <Charts strongest={strongest} /> : null}
      {run.sweep && run.sweep.k_range.length > 1 ? (
        <Section title="How many segments are there?">
          <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
            <SweepChart sweep={run.sweep} chosen={count} measure="silhouette_scores" />
            <SweepChart sweep={run.sweep} chosen={count} measure="inertias" />
          </div>
        </Section>
      ) : null}
      <Section title="How this was made" note={stored}>
        <dl className="grid grid-cols-1 gap-x-8 text-small md:grid-cols-2">
          {[
            ['Method', methodOf(run)],
            ...(run.reason !== null && run.recipe.values.algorithm === 'auto' ? [['Why this method', run.reason]] : []),
            ['Silhouette', `${formatScore(run.silhouette_score)}${run.silhouette_sample_size !== null && run.silhouette_sample_size < run.n_samples ? `, on ${formatCount(run.silhouette_sample_size)} customers` : ''}`],
            ['Recipe', run.recipe.sentence],
            ['Columns used', run.columns.join(', ')],
            ['Left out', leftOut.length > 0 ? leftOut.join(', ') : 'nothing'],
            ['Features after encoding', formatCount(run.n_encoded_features)],
            ['Skewed numbers', transformOf(run)],
            ...(run.method === 'two_step' ? [['Exactness', 'Approximate: small groups first, then a tree of the groups']] : []),
            ['Made by', run.created_by],
          ].map(([term, value]) => (
            <div key={term} className="flex flex-col border-t border-line py-2">
              <dt className="text-soft">{term}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <div className="mt-4">
          {hasRole(account, 'analyst') ? <LinkButton to={`/datasets/${run.dataset_id}`}>Open the table</LinkButton> : null}
        </div>
      </Section>
    </>
  );
}

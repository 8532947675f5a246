import { useCallback, useRef } from 'react';
import { useNavigate, useParams } from 'react-router';
import { SweepChart } from '@/charts/sweep-chart';
import { LinkButton } from '@/components/button';
import { Explained } from '@/components/explained';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonBlock } from '@/components/states';
import { toast } from '@/components/toast';
import { CustomerTable, CutBar, Dendrogram, isJob, JobProgress, methodOf, Reality, RunActions, saidOf, Scatter, SegmentCards, transformOf, useDendrogram, useLookedAt, useProjection, useRun, useSegments, useTrainRun, verdictOf, type Run, type RunRequest } from '@/features/runs';
import { formatCount, formatScore, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';

export default function RunPage() {
  const id = Number(useParams().run);
  const run = useRun(id);
  return (
    <Loaded query={run} skeleton={<RunSkeleton />}>
      {(data) =>
        data === null ? (
          <Page title="Segmentation not found">
            <Empty icon="search" title="This segmentation does not exist" action={<LinkButton to="/datasets">All segmentations</LinkButton>}>
              It may have been deleted, or it is not shared with you.
            </Empty>
          </Page>
        ) : (
          <RunView key={id} run={data} />
        )
      }
    </Loaded>
  );
}

const NO_NAMES: readonly string[] = [];

const RunSkeleton = () => (
  <Page title="Segments" lead={<span className="skeleton my-1.5 block h-3 w-72 max-w-full" />}>
    <SkeletonBlock height={152} />
    <div className="mt-14 grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {[0, 1, 2].map((card) => (
        <SkeletonBlock key={card} height={264} />
      ))}
    </div>
    <SkeletonBlock height={560} />
  </Page>
);

function RunView({ run }: { run: Run }) {
  const account = useAccount();
  const navigate = useNavigate();
  const owner = account.role === 'admin' || (hasRole(account, 'analyst') && run.created_by === account.username);
  const segments = useSegments(run.run_id, 0, 50);
  const isTree = run.algorithm === 'hierarchical';
  const tree = useDendrogram(run.run_id, isTree);
  const lookedAt = useLookedAt(run, tree.data);
  const projection = useProjection(run, lookedAt.asked);
  const keep = useTrainRun();
  const open = useCallback((next: number) => void navigate(`/runs/${next}`), [navigate]);
  const job = keep.data && isJob(keep.data) ? keep.data.id : null;
  // The tree that is cut is the one that this recipe grew.
  const { columns, exclude, sparse, blanks, extremes, relevance, redundancy, category_weight, categorical_limit, projection: reduced } = run.recipe.values as Partial<Omit<RunRequest, 'projection'>> & { projection?: 'none' | 'auto' | number };
  const keepCut = (n_clusters: number): void =>
    keep.mutate(
      {
        dataset_id: run.dataset_id,
        // Only a tree has cuts, so that no groups of any shape come here.
        algorithm: isTree ? 'hierarchical' : 'auto',
        linkage: run.linkage ?? 'ward',
        n_clusters,
        use_pca: typeof reduced === 'number',
        pca_components: typeof reduced === 'number' ? reduced : 2,
        projection: typeof reduced === 'string' ? reduced : null,
        columns,
        exclude,
        sparse,
        blanks,
        extremes,
        relevance,
        redundancy,
        category_weight,
        transform: run.transform as 'none' | 'log' | 'auto',
        categorical_limit: categorical_limit ?? 20,
        validate: run.validation !== null,
      },
      { onSuccess: (answer) => !isJob(answer) && open(answer.run_id), onError: (error) => toast(messageOf(error), { tone: 'danger' }) },
    );
  const leftOut = Object.entries(run.left_out).map(([name, why]) => `${name} (${why})`);
  const { warnings } = run;
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
  return (
    <Page
      title={`${plural(run.n_clusters, 'segment')} in ${run.dataset}`}
      lead={
        <>
          {saidOf(preview?.cut) ?? verdictOf(run)}<Explained term="silhouette" figure={`Silhouette ${formatScore(lookedAt.silhouette)}`} />
        </>
      }
      actions={<RunActions run={run} owner={owner} note={stored} onDeleted={() => void navigate('/datasets')} />}
    >
      {warnings.length > 0 ? (
        <Notice tone="warn">
          <ul className="flex flex-col gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <Reality run={run} owner={owner} note={stored} />
      {/* What follows the slider stands with it, so that the slider stays in sight. */}
      <div className="flex flex-col gap-6">
        {isTree && (tree.isPending || lookedAt.counts.length > 1) ? <CutBar run={run} lookedAt={{ ...lookedAt, move }} onKeep={owner ? keepCut : undefined} keeping={keep.isPending} /> : null}
        {job !== null ? <JobProgress id={job} onRun={open} /> : null}
        <section ref={cards} aria-labelledby="segments" className="flex flex-col gap-3">
          <div>
            <h2 id="segments">The segments and what sets each one apart</h2>
            <p className="text-small text-soft">Each figure compares the segment with all other customers.{leftOut.length > 0 ? ` Not used: ${leftOut.join(', ')}.` : ''}</p>
          </div>
          <Loaded query={segments} skeleton={<SkeletonBlock height={240} />}>
            {(data) => (
              <div aria-busy={isStale} className={isStale ? 'opacity-60' : ''}>
                <SegmentCards profiles={preview?.cut.profiles ?? data.profiles} stability={(preview === null ? run.validation?.stability?.segments : preview.cut.segment_stability) ?? []} marks={marksAt(shown)} />
              </div>
            )}
          </Loaded>
        </section>
        {isTree ? (
          <Section title="Where to cut the tree">
            <Loaded query={tree} skeleton={<SkeletonBlock height={460} />}>
              {(data) => (drawn === undefined ? null : <Dendrogram run={run} tree={data} cut={drawn} marks={marksAt(count)} names={namesAt(count)} />)}
            </Loaded>
          </Section>
        ) : null}
        <Section title="Map of customers">
          <Loaded query={projection} skeleton={<SkeletonBlock height={440} />}>
            {(data) => (
              <div aria-busy={data.n_clusters !== count} className={data.n_clusters === count ? '' : 'opacity-60'}>
                <Scatter projection={data} run={run} names={namesAt(data.n_clusters) ?? NO_NAMES} marks={marksAt(data.n_clusters)} />
              </div>
            )}
          </Loaded>
        </Section>
      </div>
      {run.sweep && run.sweep.k_range.length > 1 ? (
        <Section title="How many segments are there?">
          <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
            <SweepChart sweep={run.sweep} chosen={count} measure="silhouette_scores" />
            <SweepChart sweep={run.sweep} chosen={count} measure="inertias" />
          </div>
        </Section>
      ) : null}
      <Section title={`${formatCount(run.n_samples)} customers`} note={stored} flush>
        <CustomerTable run={run.run_id} />
      </Section>
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
    </Page>
  );
}

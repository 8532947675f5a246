import { useParams } from 'react-router';
import { SweepChart } from '@/charts/sweep-chart';
import { LinkButton } from '@/components/button';
import { Figure, Page, Section } from '@/components/layout';
import { Badge, Empty, Loaded, SkeletonBlock } from '@/components/states';
import { ActivateButton, Cautions, Comparison, Drift, Reality, useComparison, useDrift, useModel, useModels } from '@/features/models';
import { SegmentAverages } from '@/features/segments';
import { formatCount, formatScore, formatTime } from '@/lib/format';
import { isMissing } from '@/lib/http';

export default function ModelPage() {
  const version = Number(useParams().version);
  const model = useModel(version);
  const models = useModels();
  const active = models.data?.models.find((each) => each.is_active)?.version;
  const idle = model.data?.is_active === false ? model.data : null;
  const other = active === undefined ? null : idle;
  const comparison = useComparison(version, other !== null);
  const drift = useDrift(version);
  return (
    <Page
      title={isMissing(model.error) ? 'Model version not found' : `Model version ${version}`}
      actions={
        <>
          {isMissing(model.error) ? null : (
            <LinkButton to="/models" icon="left">
              All versions
            </LinkButton>
          )}
          {other ? <ActivateButton model={other} active={active} /> : null}
        </>
      }
    >
      <Loaded
        query={model}
        skeleton={<SkeletonBlock height={520} />}
        onError={(error) =>
          isMissing(error) ? (
            <Empty icon="search" title="This version does not exist" action={<LinkButton to="/models">All versions</LinkButton>}>
              Versions are numbered from 1 in training order.
            </Empty>
          ) : null
        }
      >
        {(data) => (
          <>
            <dl className="grid grid-cols-2 gap-4 rounded-card border border-line bg-surface p-5 md:grid-cols-4">
              <Figure label="State" value={<span className="text-body">{data.is_active ? <Badge tone="good">In use</Badge> : data.activated_at === null ? <Badge tone="warn">Candidate</Badge> : <Badge>Previously in use</Badge>}</span>} />
              <Figure label="Segments" value={data.n_clusters} note={data.requested_clusters === null ? 'chosen automatically' : 'as requested'} />
              <Figure label="Silhouette" value={formatScore(data.silhouette_score)} note="0 is no separation, 1 is perfect" />
              <Figure label="Customers" value={formatCount(data.n_customers)} note={`${formatTime(data.created_at)}${data.trained_by ? `, ${data.trained_by}` : ''}`} />
            </dl>
            <Cautions model={data} />
            {idle && (other ?? models.isPending) ? (
              <Section title={active === undefined ? 'What would change' : `What would change from version ${active}`}>
                <Loaded query={comparison} skeleton={<SkeletonBlock height={640} />}>
                  {(change) => <Comparison comparison={change} />}
                </Loaded>
              </Section>
            ) : null}
            <Section title="Its segments">
              <SegmentAverages segments={data.segments} />
            </Section>
            <Reality model={data} />
            <Section title="How many segments are there?">
              <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
                <SweepChart sweep={data.sweep} chosen={data.n_clusters} measure="silhouette_scores" />
                <SweepChart sweep={data.sweep} chosen={data.n_clusters} measure="inertias" />
              </div>
            </Section>
            <Section title="Does it still fit?" note="Recent predictions compared with training data">
              <Loaded query={drift} skeleton={<SkeletonBlock height={160} />}>
                {(report) => <Drift report={report} />}
              </Loaded>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

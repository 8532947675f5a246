import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { SweepChart } from '@/charts/sweep-chart';
import { Button, LinkButton, TextLink } from '@/components/button';
import { Select } from '@/components/field';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Notice, PageSkeleton, Problem, SkeletonBlock, SkeletonRows } from '@/components/states';
import { HistoryTable, useHistory } from '@/features/history';
import { DriftAlarm, TrainDialog, TrainingUnderWay, useTrainDialog } from '@/features/models';
import { addressIn, CORE, inWordsOf, lastingMarks, readRef, refOf, useSegmentation, useSegmentations, type Segment } from '@/features/segmentations';
import { CustomerMap, PredictForm, ResultCard, SegmentAverages, useClusters, useElbow, usePoints, type Prediction } from '@/features/segments';
import { formatCount, formatScore, plural } from '@/lib/format';
import { ApiError, isMissing } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';
import { PlaceCustomers } from './place-customers';

const TITLE = 'Which segment is this customer in?';
const CHOICES = 50;
const NONE: readonly Segment[] = [];

/** Opens the segmentation that its reader used last; who has used none sees the one that everyone has. */
export default function DashboardPage() {
  const [address, setAddress] = useSearchParams();
  const asked = address.get('in');
  const used = useSegmentations({ sort: 'last_used', limit: CHOICES });
  const rows = used.data?.rows.filter(({ active_version }) => active_version !== null) ?? [];
  const last = rows.find(({ last_used_at }) => last_used_at !== null);
  const chosen = asked !== null ? readRef(asked) : last ? refOf(last) : CORE;
  if (used.isPending) return <PageSkeleton />;
  const chooser =
    rows.length > 1 ? (
      <Select label="Segmentation" fieldClass="w-60 max-w-full" value={String(chosen)} onChange={(event) => setAddress({ in: event.target.value })}>
        {rows.map((row) => (
          <option key={row.id} value={String(refOf(row))}>
            {row.name}
          </option>
        ))}
      </Select>
    ) : null;
  if (chosen !== CORE) return <OtherDashboard key={chosen} id={chosen} chooser={chooser} />;
  return <CoreDashboard chooser={chooser} isNew={used.data !== undefined && rows.every(({ kind }) => kind === 'core')} />;
}

/** Any other segmentation: a form of its own columns. */
function OtherDashboard({ id, chooser }: { id: number; chooser: ReactNode }) {
  const segmentation = useSegmentation(id);
  return (
    <Page title={TITLE} actions={chooser}>
      <Loaded
        query={segmentation}
        skeleton={<SkeletonBlock height={420} />}
        onError={(error) =>
          isMissing(error) ? (
            <Empty icon="search" title="This segmentation does not exist" action={<LinkButton to="/dashboard?in=core">Go to the dashboard</LinkButton>}>
              It may have been deleted, or it is not shared with you.
            </Empty>
          ) : null
        }
      >
        {({ name, active_version: version }) =>
          version === null ? null : (
            <>
              <p className="-mt-3">
                In <TextLink to={addressIn(id)}>{name}</TextLink>, {plural(version.n_segments, 'segment')} of {plural(version.n_customers, 'customer')}.
              </p>
              <PlaceCustomers id={id} name={name} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The contract's form of five fields, with all that its model shows. */
function CoreDashboard({ chooser, isNew }: { chooser: ReactNode; isNew: boolean }) {
  const account = useAccount();
  const navigate = useNavigate();
  const openModel = useCallback((version: number) => void navigate(`/models/${version}`), [navigate]);
  const mayTrain = hasRole(account, 'analyst');
  const [training, setTraining] = useTrainDialog();
  const [prediction, setPrediction] = useState<Prediction | null>(null);
  const model = useClusters();
  const core = useSegmentation(CORE);
  const own = core.data?.active_version?.segments ?? NONE;
  // By the names, in the order and with the marks that they have on the segmentation's own pages.
  const marks = useMemo(() => lastingMarks(own), [own]);
  const named = useMemo(() => model.data && { ...model.data, clusters: inWordsOf(own, model.data.clusters) }, [model.data, own]);
  const clusters = { ...model, data: named };
  const points = usePoints(clusters.data?.model_version);
  const elbow = useElbow();
  const history = useHistory({ limit: 10 });
  const trainButton = mayTrain ? <Button onClick={() => setTraining(true)}>Train a new model</Button> : null;
  const untrained = clusters.error instanceof ApiError && clusters.error.status === 400;

  return (
    <Page
      title={TITLE}
      actions={
        <>
          {chooser}
          {trainButton}
        </>
      }
    >
      {isNew ? (
        <Notice>
          <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <span>
              <span className="font-strong">An example.</span> These are the segments of the customer file on this server, not of your customers.
            </span>
            <LinkButton look="primary" to="/start">
              Segment your own customers
            </LinkButton>
          </p>
        </Notice>
      ) : null}
      {mayTrain && !training ? <TrainingUnderWay /> : null}
      {mayTrain && clusters.data ? <DriftAlarm version={clusters.data.model_version} /> : null}
      {untrained ? (
        <Section title="No model yet" flush>
          <Empty
            icon="models"
            title="No model has been trained yet"
            action={
              mayTrain ? (
                <Button look="primary" onClick={() => setTraining(true)}>
                  Train the first model
                </Button>
              ) : null
            }
          >
            {mayTrain ? 'Training finds the segments in the customer file. It takes a few seconds.' : 'Ask an analyst or an administrator to train the model.'}
          </Empty>
        </Section>
      ) : (
        <>
          <div className="grid grid-cols-1 gap-6 lg:grid-cols-[20rem_minmax(0,1fr)] xl:grid-cols-[26rem_minmax(0,1fr)]">
            <Section title="Customer">
              <PredictForm onPrediction={setPrediction} />
            </Section>
            <Section title="Result">
              <Loaded query={clusters} skeleton={<SkeletonBlock height={280} />}>
                {(data) => <ResultCard prediction={prediction} clusters={data} marks={marks} />}
              </Loaded>
            </Section>
          </div>
          <Section title="All customers, by segment">
            {clusters.isError ? (
              <Problem error={clusters.error} retry={() => void clusters.refetch()} />
            ) : (
              <Loaded query={points} skeleton={<SkeletonBlock height={520} />}>
                {(data) => <CustomerMap points={data} segments={clusters.data?.clusters ?? []} marks={marks} prediction={prediction} />}
              </Loaded>
            )}
          </Section>
          <Section
            title="The segments"
            note={clusters.data ? `${plural(clusters.data.n_clusters, 'segment')}, ${formatCount(clusters.data.total_customers)} customers: size and averages` : undefined}
          >
            <Loaded query={clusters} skeleton={<SkeletonBlock height={360} />}>
              {(data) => <SegmentAverages segments={data.clusters} marks={marks} />}
            </Loaded>
          </Section>
          <Section title="How many segments are there?" note={elbow.data && clusters.data ? whyThisMany(elbow.data, clusters.data.n_clusters) : undefined}>
            <Loaded query={elbow} skeleton={<SkeletonBlock height={280} />}>
              {(data) => (
                <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
                  <SweepChart sweep={data} chosen={clusters.data?.n_clusters ?? data.optimal_k} measure="silhouette_scores" />
                  <SweepChart sweep={data} chosen={clusters.data?.n_clusters ?? data.optimal_k} measure="inertias" />
                </div>
              )}
            </Loaded>
          </Section>
        </>
      )}
      <Section title="Your last predictions" flush actions={<LinkButton to="/history">All history</LinkButton>}>
        <Loaded query={history} skeleton={<SkeletonRows rows={4} />}>
          {(data) =>
            data.history.length > 0 ? (
              <HistoryTable rows={data.history} />
            ) : (
              <Empty icon="history" title="No predictions yet">
                Your last ten predictions will be listed here.
              </Empty>
            )
          }
        </Loaded>
      </Section>
      {training ? <TrainDialog onClose={() => setTraining(false)} onTrained={openModel} /> : null}
    </Page>
  );
}

function whyThisMany(sweep: { optimal_k: number; k_range: number[]; silhouette_scores: (number | null)[] }, used: number): string {
  const best = sweep.silhouette_scores[sweep.k_range.indexOf(sweep.optimal_k)];
  const figure = best == null ? '' : ` (silhouette ${formatScore(best)})`;
  return used === sweep.optimal_k
    ? `${used} are in use: the number with the clearest segments${figure}`
    : `${used} are in use because they were requested; ${sweep.optimal_k} would be clearest${figure}`;
}

import { useCallback, useState } from 'react';
import { useNavigate } from 'react-router';
import { SweepChart } from '@/charts/sweep-chart';
import { Button, LinkButton } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Problem, SkeletonBlock, SkeletonRows } from '@/components/states';
import { HistoryTable, useHistory } from '@/features/history';
import { DriftAlarm, TrainDialog, TrainingUnderWay, useTrainDialog } from '@/features/models';
import { CustomerMap, PredictForm, ResultCard, SegmentAverages, useClusters, useElbow, usePoints, type Prediction } from '@/features/segments';
import { formatCount, formatScore, plural } from '@/lib/format';
import { ApiError } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';

export default function DashboardPage() {
  const account = useAccount();
  const navigate = useNavigate();
  const openModel = useCallback((version: number) => void navigate(`/models/${version}`), [navigate]);
  const mayTrain = hasRole(account, 'analyst');
  const [training, setTraining] = useTrainDialog();
  const [prediction, setPrediction] = useState<Prediction | null>(null);
  const clusters = useClusters();
  const points = usePoints(clusters.data?.model_version);
  const elbow = useElbow();
  const history = useHistory({ limit: 10 });
  const trainButton = mayTrain ? <Button onClick={() => setTraining(true)}>Train a new model</Button> : null;
  const untrained = clusters.error instanceof ApiError && clusters.error.status === 400;

  return (
    <Page title="Which segment is this customer in?" actions={trainButton}>
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
                {(data) => <ResultCard prediction={prediction} clusters={data} />}
              </Loaded>
            </Section>
          </div>
          <Section title="All customers, by segment">
            {clusters.isError ? (
              <Problem error={clusters.error} retry={() => void clusters.refetch()} />
            ) : (
              <Loaded query={points} skeleton={<SkeletonBlock height={520} />}>
                {(data) => <CustomerMap points={data} segments={clusters.data?.clusters ?? []} prediction={prediction} />}
              </Loaded>
            )}
          </Section>
          <Section
            title="The segments"
            note={clusters.data ? `${plural(clusters.data.n_clusters, 'segment')}, ${formatCount(clusters.data.total_customers)} customers: size and averages` : undefined}
          >
            <Loaded query={clusters} skeleton={<SkeletonBlock height={360} />}>
              {(data) => <SegmentAverages segments={data.clusters} />}
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

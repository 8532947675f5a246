import { useCallback } from 'react';
import { useNavigate } from 'react-router';
import { Button, TextLink } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { Badge, Empty, Loaded, SkeletonRows } from '@/components/states';
import { Table, type Column } from '@/components/table';
import { ActivateButton, TrainDialog, TrainingUnderWay, useModels, useTrainDialog, type ModelSummary } from '@/features/models';
import { formatAgo, formatCount, formatScore, formatTime, plural } from '@/lib/format';

export default function ModelsPage() {
  const models = useModels();
  const navigate = useNavigate();
  const openModel = useCallback((version: number) => void navigate(`/models/${version}`), [navigate]);
  const [training, setTraining] = useTrainDialog();
  const active = models.data?.models.find((model) => model.is_active)?.version;
  const columns: Column<ModelSummary>[] = [
    {
      id: 'version',
      title: 'Version',
      cell: (model) => (
        <div className="max-md:pb-1.5">
          <span className="flex flex-wrap items-center gap-x-2">
            <TextLink to={`/models/${model.version}`} className="whitespace-nowrap max-md:py-3">
              Version {model.version}
            </TextLink>
            {model.is_active ? <Badge tone="good">In use</Badge> : model.activated_at === null ? <Badge tone="warn">Candidate</Badge> : null}
          </span>
          <p className="text-soft md:hidden">
            {plural(model.n_clusters, 'segment')}, silhouette {formatScore(model.silhouette_score)}, {formatAgo(model.created_at)}
          </p>
        </div>
      ),
    },
    { id: 'segments', title: 'Segments', number: true, wideOnly: true, cell: (model) => model.n_clusters },
    { id: 'silhouette', title: 'Silhouette', number: true, wideOnly: true, cell: (model) => formatScore(model.silhouette_score) },
    { id: 'customers', title: 'Customers', number: true, wideOnly: true, cell: (model) => formatCount(model.n_customers) },
    { id: 'by', title: 'Trained by', wideOnly: true, cell: (model) => model.trained_by ?? '–' },
    {
      id: 'time',
      title: 'Trained',
      wideOnly: true,
      cell: (model) => (
        <time dateTime={model.created_at} title={formatTime(model.created_at)}>
          {formatAgo(model.created_at)}
        </time>
      ),
    },
    {
      id: 'actions',
      title: '',
      cell: (model) => <div className="flex justify-end">{model.is_active ? null : <ActivateButton model={model} active={active} look="plain" />}</div>,
    },
  ];
  const train = (
    <Button look="primary" onClick={() => setTraining(true)}>
      Train a new model
    </Button>
  );
  return (
    <Page title="Which model answers?" lead="Every trained version is kept. See what a version would change before you activate it, and roll back at any time." actions={train}>
      {training ? null : <TrainingUnderWay />}
      <Section title="Versions" flush>
        <Loaded query={models} skeleton={<SkeletonRows rows={4} />}>
          {(data) =>
            data.models.length > 0 ? (
              <Table caption="Model versions, newest first" columns={columns} rows={data.models} rowKey={(model) => model.version} onOpen={(model) => void navigate(`/models/${model.version}`)} />
            ) : (
              <Empty icon="models" title="No model yet" action={train}>
                Training finds the segments in the customer file. It takes a few seconds.
              </Empty>
            )
          }
        </Loaded>
      </Section>
      {training ? <TrainDialog onClose={() => setTraining(false)} onTrained={openModel} /> : null}
    </Page>
  );
}

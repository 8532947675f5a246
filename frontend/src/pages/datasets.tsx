import { useNavigate } from 'react-router';
import { TextLink } from '@/components/button';
import { DropZone } from '@/components/drop-zone';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonRows } from '@/components/states';
import { DatasetList, exampleFile, useDatasets, useUpload } from '@/features/datasets';
import { JobProgress, RunList, useRuns, useUnfinishedJobs } from '@/features/runs';
import { plural } from '@/lib/format';
import { hasRole, useAccount } from '@/lib/session';

export default function DatasetsPage() {
  const account = useAccount();
  const navigate = useNavigate();
  const isAnalyst = hasRole(account, 'analyst');
  const datasets = useDatasets(isAnalyst);
  const runs = useRuns();
  const jobs = useUnfinishedJobs();
  const upload = useUpload();
  return (
    <Page title="Who are our customers?" lead={isAnalyst ? 'Upload a table in any format and find its segments.' : 'Segmentations shared with the team are listed below.'}>
      {isAnalyst ? (
        <DropZone
          upload={upload}
          title="Drop a customer table here"
          hint="CSV in any format, Excel or Parquet. Files of orders are welcome too: they can be grouped to customers."
          working="Reading the table and checking its format, columns and values"
          example={exampleFile}
          onUploaded={({ id }) => void navigate(`/datasets/${id}`)}
        />
      ) : (
        <Notice>
          Uploading a table requires the analyst role, which an administrator can give you. Or paste your customers into <TextLink to="/analyse">Analyse</TextLink>: nothing is stored.
        </Notice>
      )}
      {jobs.data?.map((job) => <JobProgress key={job.id} id={job.id} />)}
      {isAnalyst ? (
        <Section title={datasets.data ? plural(datasets.data.length, 'table') : 'Tables'} flush>
          <Loaded query={datasets} skeleton={<SkeletonRows rows={3} />}>
            {(rows) =>
              rows.length > 0 ? (
                <DatasetList datasets={rows} onOpen={(dataset) => void navigate(`/datasets/${dataset.id}`)} />
              ) : (
                <Empty icon="datasets" title="No tables yet">
                  Your uploads will be listed here. You can load an example above.
                </Empty>
              )
            }
          </Loaded>
        </Section>
      ) : null}
      <Section title={isAnalyst ? 'Segmentations' : 'Shared with the team'} flush>
        <Loaded query={runs} skeleton={<SkeletonRows rows={3} />}>
          {(rows) =>
            rows.length > 0 ? (
              <RunList runs={rows} withDataset onOpen={(run) => void navigate(`/runs/${run.run_id}`)} />
            ) : jobs.data?.some(({ kind }) => kind === 'train') ? (
              <Empty icon="analyse" title="The first segmentation is running">
                Its progress is shown above; it will be listed here when it is done.
              </Empty>
            ) : (
              <Empty icon="analyse" title="No segmentations yet">
                {isAnalyst ? 'Open a table and choose Find segments.' : 'Segmentations that analysts share with the team are listed here.'}
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

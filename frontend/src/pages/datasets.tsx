import { useNavigate } from 'react-router';
import { TextLink } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonRows } from '@/components/states';
import { DatasetList, DropZone, useDatasets } from '@/features/datasets';
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
  return (
    <Page title="Who are our customers?" lead={isAnalyst ? 'Upload a table as it is, and find the segments in it.' : 'Segmentations that analysts shared with the team stand below.'}>
      {isAnalyst ? (
        <DropZone onUploaded={(id) => void navigate(`/datasets/${id}`)} />
      ) : (
        <Notice>
          Uploading a table needs the role analyst; an administrator can give it: Admin, Users. Or paste your customers into <TextLink to="/analyse">Analyse</TextLink>: nothing is stored.
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
                  Your uploads will be listed here. There is an example to load above.
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
              <Empty icon="analyse" title="The first is under way">
                How far it is stands above; it is listed here as soon as it is done.
              </Empty>
            ) : (
              <Empty icon="analyse" title="No segmentations yet">
                {isAnalyst ? 'Open a table and choose Find segments.' : 'Once an analyst shares a segmentation with the team, it is listed here.'}
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

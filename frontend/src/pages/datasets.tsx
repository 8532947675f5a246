import { useNavigate } from 'react-router';
import { Button, TextLink } from '@/components/button';
import { DropZone } from '@/components/drop-zone';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonRows } from '@/components/states';
import { DatasetList, exampleFile, useUpload } from '@/features/datasets';
import { JobProgress, RunList, useRuns, useUnfinishedJobs } from '@/features/runs';
import { hasRole, useAccount } from '@/lib/session';

export default function DatasetsPage() {
  const account = useAccount();
  const navigate = useNavigate();
  const isAnalyst = hasRole(account, 'analyst');
  const runs = useRuns();
  const jobs = useUnfinishedJobs();
  const upload = useUpload();
  const open = ({ id }: { id: number }): void => void navigate(`/datasets/${id}`);
  return (
    <Page title="Which tables do we have?" lead={isAnalyst ? 'Upload a table in any format and find its segments.' : 'Segmentations shared with the team are listed below.'}>
      {isAnalyst ? (
        <DropZone
          upload={upload}
          title="Drop a customer table here"
          hint="CSV in any format, Excel or Parquet. Files of orders are welcome too: they can be grouped to customers."
          working="Reading the table and checking its format, columns and values"
          actions={<Button onClick={() => upload.mutate(exampleFile(), { onSuccess: open })}>Load an example</Button>}
          onUploaded={open}
        />
      ) : (
        <Notice>
          To segment customers of your own, <TextLink to="/start">bring them on the start page</TextLink>. Only you can see what comes out.
        </Notice>
      )}
      {jobs.data?.map((job) => <JobProgress key={job.id} id={job.id} />)}
      {isAnalyst ? <DatasetList /> : null}
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
                {isAnalyst ? 'Open a table and choose Find segments.' : 'Segmentations that are shared with the team are listed here.'}
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

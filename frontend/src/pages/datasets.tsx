import { useNavigate } from 'react-router';
import { Button } from '@/components/button';
import { DropZone } from '@/components/drop-zone';
import { Page } from '@/components/layout';
import { DatasetList, exampleFile, FileLimits, useUpload } from '@/features/datasets';
import { JobProgress, useUnfinishedJobs } from '@/features/runs';

export default function DatasetsPage() {
  const navigate = useNavigate();
  const jobs = useUnfinishedJobs();
  const upload = useUpload();
  const open = ({ id }: { id: number }): void => void navigate(`/datasets/${id}`);
  return (
    <Page title="Which tables do we have?" lead="Upload a table in any format and find its segments.">
      <DropZone
        compact
        upload={upload}
        title="Drop a customer table here"
        hint={<FileLimits />}
        working="Reading the table and checking its format, columns and values"
        actions={<Button onClick={() => upload.mutate(exampleFile(), { onSuccess: open })}>Load an example</Button>}
        onUploaded={open}
      />
      {jobs.data?.map((job) => <JobProgress key={job.id} id={job.id} />)}
      <DatasetList />
    </Page>
  );
}

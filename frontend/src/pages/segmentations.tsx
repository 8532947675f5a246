import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { JobProgress, useUnfinishedJobs } from '@/features/runs';
import { SegmentationList } from '@/features/segmentations';

export default function SegmentationsPage() {
  const jobs = useUnfinishedJobs();
  return (
    <Page
      title="What have we found?"
      lead="Every segmentation with its versions: yours, and those shared with the team."
      actions={
        <LinkButton look="primary" icon="plus" to="/start">
          New segmentation
        </LinkButton>
      }
    >
      {jobs.data?.map((job) => <JobProgress key={job.id} id={job.id} />)}
      <SegmentationList />
    </Page>
  );
}

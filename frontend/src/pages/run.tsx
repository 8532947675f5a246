import { Navigate, useParams, useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty, Loaded } from '@/components/states';
import { RunSkeleton, useRun } from '@/features/runs';
import { addressIn } from '@/features/segmentations';

/** The address that a run had before it was a version; whatever it shows is now shown there. */
export default function RunPage() {
  const run = useRun(Number(useParams().run));
  const [address] = useSearchParams();
  if (run.data) {
    const cut = address.get('cut');
    return <Navigate to={`${addressIn(run.data.segmentation_id, '', run.data.version)}${cut === null ? '' : `&cut=${cut}`}`} replace />;
  }
  return (
    <Page title={run.data === null ? 'Segmentation not found' : 'Segments'}>
      <Loaded query={run} skeleton={<RunSkeleton />}>
        {() => (
          <Empty icon="search" title="This segmentation does not exist" action={<LinkButton to="/segmentations">All segmentations</LinkButton>}>
            It may have been deleted, or it is not shared with you.
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

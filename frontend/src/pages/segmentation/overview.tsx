import { Empty, Loaded } from '@/components/states';
import { LinkButton } from '@/components/button';
import { RunSkeleton, useRun } from '@/features/runs';
import { useOpened } from '@/features/segmentations';
import { CoreOverview } from './core-overview';
import { RunOverview } from './run-overview';

/** The answer first: what was found, is it real, what to do; then the pictures; then how it was made. */
export default function OverviewPage() {
  const { version } = useOpened();
  return version.run_id === null ? <CoreOverview /> : <OfRun key={version.run_id} run={version.run_id} />;
}

function OfRun({ run: id }: { run: number }) {
  const run = useRun(id);
  return (
    <Loaded query={run} skeleton={<RunSkeleton />}>
      {(data) =>
        data === null ? (
          <Empty icon="search" title="This version cannot be shown" action={<LinkButton to="/segmentations">All segmentations</LinkButton>}>
            It may have been deleted, or it is not shared with you.
          </Empty>
        ) : (
          <RunOverview run={data} />
        )
      }
    </Loaded>
  );
}

import { useState } from 'react';
import { Button } from '@/components/button';
import { Section } from '@/components/layout';
import { Loaded, SkeletonRows } from '@/components/states';
import { RecordList, TrainVersionDialog, useOpened, useVersions, VersionTable } from '@/features/segmentations';
import { useDatasets } from '@/features/datasets';
import { JobProgress } from '@/features/runs';
import { hasRole, useAccount } from '@/lib/session';

/** Every version: which is in use, what another would change, and who did what. */
export default function VersionsPage() {
  const { id, segmentation, mayChange } = useOpened();
  const versions = useVersions(id);
  const tables = useDatasets(hasRole(useAccount(), 'analyst') && segmentation.kind !== 'core');
  const [training, setTraining] = useState(false);
  const [job, setJob] = useState<number | null>(null);
  const nameOf = (lasting_id: number): string | undefined => versions.data?.flatMap(({ segments }) => segments).find((segment) => segment.lasting_id === lasting_id)?.name;
  return (
    <>
      {job === null ? null : <JobProgress id={job} />}
      <Section
        title="Versions"
        flush
        actions={
          mayChange ? (
            <Button look="primary" onClick={() => setTraining(true)}>
              New version
            </Button>
          ) : null
        }
      >
        <Loaded query={versions} skeleton={<SkeletonRows rows={4} />}>
          {(data) => <VersionTable id={id} versions={data} mayChange={mayChange} />}
        </Loaded>
      </Section>
      <Section title="Who did what" flush>
        <RecordList id={id} nameOf={nameOf} />
      </Section>
      {training ? (
        <TrainVersionDialog
          id={id}
          segmentation={segmentation}
          tables={tables.data ?? []}
          onStarted={(started) => {
            setJob(started);
            setTraining(false);
          }}
          onClose={() => setTraining(false)}
        />
      ) : null}
    </>
  );
}

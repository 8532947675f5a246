import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '@/components/button';
import { Section } from '@/components/layout';
import type { Marks } from '@/components/movement';
import { Loaded, SkeletonBlock, SkeletonRows } from '@/components/states';
import { Comparison, Drift } from '@/features/models';
import { lastingMarks, RecordList, TrainVersionDialog, useOpened, useSegmentationDrift, useVersionComparison, useVersions, VersionTable } from '@/features/segmentations';
import { useDatasets } from '@/features/datasets';
import { JobProgress } from '@/features/runs';
import { wholeNumber } from '@/lib/address';
import { hasRole, useAccount } from '@/lib/session';

/** Every version: which is in use, what another would change, and who did what. */
export default function VersionsPage() {
  const { id, segmentation, mayChange } = useOpened();
  const versions = useVersions(id);
  const isAnalyst = hasRole(useAccount(), 'analyst');
  const tables = useDatasets(isAnalyst && segmentation.kind !== 'core');
  // What customers of the core did, and would do, is for analysts.
  const seesMoves = isAnalyst || segmentation.kind !== 'core';
  const [address, setAddress] = useSearchParams();
  const [training, setTraining] = useState(mayChange && address.has('train'));
  const [job, setJob] = useState<number | null>(null);
  const close = (): void => {
    setTraining(false);
    // A reload does not ask again.
    if (address.has('train')) setAddress({}, { replace: true });
  };
  const active = segmentation.active_version?.version;
  const compared = seesMoves ? wholeNumber(address.get('compare'), 1, 1e9) : undefined;
  const comparison = useVersionComparison(id, compared, active);
  const drift = useSegmentationDrift(id, seesMoves);
  const marksOf = (version: number | undefined): Marks => lastingMarks(versions.data?.find((each) => each.version === version)?.segments ?? []);
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
          {(data) => <VersionTable id={id} versions={data} mayCompare={seesMoves} mayChange={mayChange} />}
        </Loaded>
      </Section>
      {compared === undefined ? null : (
        <Section title={`What would change from version ${active ?? ''} to version ${compared}`}>
          <Loaded query={comparison} skeleton={<SkeletonBlock height={480} />}>
            {(change) => <Comparison comparison={change} lasting={{ before: marksOf(active), after: marksOf(compared) }} />}
          </Loaded>
        </Section>
      )}
      {seesMoves ? (
        <Section title="Does it still fit?" note="Customers placed since the version is in use, compared with those it was trained on">
          <Loaded query={drift} skeleton={<SkeletonBlock height={120} />}>
            {(report) => <Drift report={report} />}
          </Loaded>
        </Section>
      ) : null}
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
            close();
          }}
          onClose={close}
        />
      ) : null}
    </>
  );
}

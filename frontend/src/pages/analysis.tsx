import { useParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonBlock } from '@/components/states';
import { AnalysisView, LATEST, useAnalysis } from '@/features/analysis';
import { JobProgress, useJob } from '@/features/runs';
import { plural } from '@/lib/format';
import { isMissing } from '@/lib/http';

/** What was found in rows that were pasted or dropped; only who sent them sees it. */
export default function AnalysisPage() {
  const id = useParams().analysis ?? LATEST;
  const isLatest = id === LATEST;
  const job = useJob(Number(id), !isLatest);
  const state = job.data?.state;
  const analysis = useAnalysis(id, state === 'succeeded');
  const found = analysis.data?.analysis;
  const isGone = isMissing(job.error) || isMissing(analysis.error) || (isLatest && found === undefined);
  const another = (
    <LinkButton to="/start" icon="left">
      Another table
    </LinkButton>
  );
  return (
    <Page
      title={found ? `${plural(found.nClusters, 'segment')} of ${plural(found.nCustomers, 'customer')}` : isGone ? 'Analysis not found' : 'Finding segments'}
      lead={found?.validation?.headline}
      hasLink={!isGone}
      actions={another}
    >
      {isGone ? (
        <Empty icon="search" title="This analysis is not kept any more" action={<LinkButton to="/start">Analyse customers</LinkButton>}>
          Bring the table again, and its segments are found as before.
        </Empty>
      ) : state === 'failed' ? (
        <Notice tone="danger">{job.data?.error ?? 'The analysis failed.'}</Notice>
      ) : state === 'cancelled' ? (
        <Notice>The analysis was cancelled.</Notice>
      ) : state === 'queued' || state === 'running' ? (
        <JobProgress id={Number(id)} />
      ) : (
        <Loaded query={job.error ? { ...analysis, error: job.error, refetch: job.refetch } : analysis} skeleton={<SkeletonBlock height={420} />}>
          {(data) => <AnalysisView {...data} />}
        </Loaded>
      )}
    </Page>
  );
}

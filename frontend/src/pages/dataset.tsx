import { useCallback, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { toast } from '@/components/toast';
import { ColumnTable, DialectPanel, Doubts, Preview, RowMeaning, useDataset, useUnsavedCorrection } from '@/features/datasets';
import { GroupOrders, MadeOfOrders } from '@/features/orders';
import { JobProgress, RunForm, RunList, startedJob, useDatasetRuns, useUnfinishedJobs } from '@/features/runs';
import { formatBytes, formatDay, plural } from '@/lib/format';
import { isMissing, messageOf } from '@/lib/http';
import { useNoteRecent } from '@/lib/recent';

export default function DatasetPage() {
  const id = Number(useParams().dataset);
  const navigate = useNavigate();
  const dataset = useDataset(id);
  useNoteRecent('table', `/datasets/${id}`, isMissing(dataset.error) ? null : dataset.data?.filename);
  const runs = useDatasetRuns(id);
  const jobs = useUnfinishedJobs();
  useUnsavedCorrection(id, { onSuccess: () => toast('Your earlier correction was saved'), onError: (error) => toast(messageOf(error), { tone: 'danger' }) });
  const [started, setStarted] = useState<number | null>(null);
  const open = useCallback((run: number) => void navigate(`/runs/${run}`), [navigate]);
  const follow = useCallback((address: string) => void navigate(address), [navigate]);
  const underWay = jobs.data?.find((job) => job.id === (started ?? startedJob(id)));
  const facts = dataset.data ? `${plural(dataset.data.n_rows, 'row')}, ${plural(dataset.data.n_columns, 'column')}, ${formatBytes(dataset.data.size_bytes)}${dataset.data.kept_until === null ? '' : `. Kept until ${formatDay(dataset.data.kept_until)}; only you and administrators can see it`}` : undefined;
  return (
    <Page
      title={dataset.data?.filename ?? (isMissing(dataset.error) ? 'Table not found' : 'Table')}
      lead={facts}
      hasLink={dataset.data !== undefined}
      actions={
        isMissing(dataset.error) ? null : (
          <LinkButton to="/datasets" icon="left">
            All tables
          </LinkButton>
        )
      }
    >
      <Loaded
        query={dataset}
        skeleton={<SkeletonBlock height={560} />}
        onError={(error) =>
          isMissing(error) ? (
            <Empty icon="search" title="This table does not exist" action={<LinkButton to="/datasets">All tables</LinkButton>}>
              It may have been deleted, or it belongs to someone else.
            </Empty>
          ) : (
            <Problem error={error} retry={() => void dataset.refetch()} title="This table could not be opened" />
          )
        }
      >
        {(data) => (
          <>
            {data.source ? <MadeOfOrders dataset={id} source={data.source} /> : null}
            <RowMeaning dataset={data} grouping={data.way_on ? <GroupOrders dataset={id} onGrouped={follow} /> : null} />
            <Doubts dataset={data} />
            {/* Another reading is seen in them at once. */}
            {data.warnings.length > 0 ? <FirstRows dataset={data} /> : null}
            <Section title="Find segments" note="Numbers and categories are used, and dates of sign-ups and last purchases as days since then; identifiers, other dates, free text and constants are left out">
              <div className="flex flex-col gap-4">
                <RunForm
                  dataset={id}
                  usable={data.columns.filter(({ kind }) => kind === 'numeric' || kind === 'categorical').map(({ name }) => name)}
                  onStarted={setStarted}
                  onFinished={open}
                  grouping={<GroupOrders dataset={id} onGrouped={follow} />}
                />
                {started !== null ? <JobProgress key={started} id={started} onRun={open} /> : null}
                {jobs.data?.filter((job) => job.id !== started).map((job) => <JobProgress key={job.id} id={job.id} />)}
              </div>
            </Section>
            <Section title="Segmentations of this table" flush>
              <Loaded query={runs} skeleton={<SkeletonBlock height={120} />}>
                {(rows) =>
                  rows.length > 0 ? (
                    <RunList runs={rows} onOpen={(run) => open(run.run_id)} />
                  ) : underWay ? (
                    <Empty icon="analyse" title="The first segmentation is running">
                      <span className="inline-block first-letter:uppercase">{underWay.phase}</span>, {underWay.percent}%. It will be listed here when it is done.
                    </Empty>
                  ) : (
                    <Empty icon="analyse" title="None yet">
                      Check how the table was read below, then choose Find segments.
                    </Empty>
                  )
                }
              </Loaded>
            </Section>
            <Section title="How it was read">
              <DialectPanel dataset={data} />
            </Section>
            <Section title="Columns" note="Correct any wrong kind" flush>
              <ColumnTable dataset={data} />
            </Section>
            {data.warnings.length > 0 ? null : <FirstRows dataset={data} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

const FirstRows = (props: Parameters<typeof Preview>[0]) => (
  <Section title="First rows" flush>
    <Preview {...props} />
  </Section>
);

import { useEffect, useEffectEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, LinkButton, TextLink } from '@/components/button';
import { DropArea, Sending } from '@/components/drop-zone';
import { FormProblem } from '@/components/field';
import { Page, Section } from '@/components/layout';
import { PasteBox, usePasted } from '@/components/paste';
import { RecentList } from '@/components/recent';
import { RecordsProblem, useAnalyses, useRecordsDoor } from '@/features/analysis';
import { exampleFile, FileLimits, useUpload } from '@/features/datasets';
import { ExamplePicture, useExample } from '@/features/example';
import { exampleOrders, useUploadOrders } from '@/features/orders';
import { JobProgress, useUnfinishedJobs } from '@/features/runs';
import { RecentSegmentations, useSegmentations } from '@/features/segmentations';
import { formatAgo } from '@/lib/format';
import { ApiError, messageOf } from '@/lib/http';
import { useRecent } from '@/lib/recent';
import { hasRole, useAccount } from '@/lib/session';
import { takeBrought, takeInterrupted } from '@/lib/upload';

const RECENT = 5;
const TITLE = 'Drop your customers or your orders';

export default function StartPage() {
  const isAnalyst = hasRole(useAccount(), 'analyst');
  const jobs = useUnfinishedJobs();
  return (
    <Page title="Who are your customers?" lead="Bring a table, and see which groups of customers are in it, how sure that is, and what to do for each.">
      <TableDoor keepsOrders={isAnalyst} />
      {jobs.data?.map((job) => <JobProgress key={job.id} id={job.id} />)}
      <Found />
    </Page>
  );
}

/** What was brought before signing in, or was on its way as the session ended. */
function useWaiting(path: string, take: (file: File) => void): void {
  const resume = useEffectEvent(() => {
    const file = takeBrought() ?? takeInterrupted(path);
    if (file) take(file);
  });
  useEffect(() => resume(), []);
}

const isJson = async (file: File): Promise<boolean> => file.name.endsWith('.json') || /^\s*[[{]/.test(await file.slice(0, 64).text());

/** Any file becomes a table, and its page asks what has to be asked; JSON is analysed as it is. */
function TableDoor({ keepsOrders }: { keepsOrders: boolean }) {
  const navigate = useNavigate();
  const tables = useUpload();
  const orders = useUploadOrders();
  const records = useRecordsDoor((id) => void navigate(`/analyses/${id}`));
  const [pasting, setPasting] = useState(false);
  const keep = (file: File): void => tables.mutate(file, { onSuccess: ({ id }) => void navigate(`/datasets/${id}`) });
  const take = (file: File): void => void isJson(file).then((is) => (is ? records.take(file) : keep(file)));
  usePasted(take);
  useWaiting(tables.path, take);
  const tryOrders = (): void => (keepsOrders ? orders.mutate(exampleOrders(), { onSuccess: ({ id }) => void navigate(`/orders/${id}`) }) : keep(exampleOrders()));
  const busy = [tables, orders].find(({ isPending }) => isPending);
  const isTooLarge = keepsOrders && tables.error instanceof ApiError && tables.error.status === 413;
  return (
    <div className="flex flex-col gap-3">
      <DropArea
        title={TITLE}
        hint={<FileLimits />}
        busy={
          busy ? (
            <Sending upload={busy} working="Reading the table and checking its format, columns and values" />
          ) : records.isPending ? (
            <p role="status" className="text-small text-soft">
              Sending the records and checking them
            </p>
          ) : null
        }
        onFile={take}
        actions={
          <>
            <Button aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
              Paste from a spreadsheet
            </Button>
            <Button onClick={() => keep(exampleFile())}>Example customers</Button>
            <Button onClick={tryOrders}>Example orders</Button>
          </>
        }
      />
      <FormProblem>{tables.error ? messageOf(tables.error) : orders.error ? messageOf(orders.error) : null}</FormProblem>
      {isTooLarge ? (
        <LinkButton className="self-start" to="/orders">
          Orders may be larger: drop them there
        </LinkButton>
      ) : null}
      <RecordsProblem door={records} />
      {pasting && !busy ? <PasteBox onFile={take} /> : null}
    </div>
  );
}

/** What was found before, or an example where nothing was. */
function Found() {
  const used = useSegmentations({ sort: 'last_used', limit: RECENT });
  const analyses = useAnalyses();
  const own = analyses.data ?? [];
  // Segmentations have a list of their own, which the server keeps.
  const opened = useRecent().filter(({ kind }) => kind !== 'segmentation');
  if (used.data === undefined) return null;
  // Everyone has that of the four fixed columns; who has no other is new here.
  const found = used.data.rows.filter(({ kind, last_used_at }) => kind !== 'core' || last_used_at !== null);
  if (found.length === 0 && own.length === 0 && opened.length === 0) return <AnExample />;
  return (
    <>
      {own.length > 0 ? (
        <Section title="Your analyses" flush>
          <ul className="flex flex-col divide-y divide-line border-t border-line text-small">
            {own.map((job) => (
              <li key={job.id} className="flex min-h-11 items-center justify-between gap-4 px-4 md:px-5">
                <TextLink to={`/analyses/${job.id}`} className="flex min-h-11 items-center">
                  Analysis {job.id}
                </TextLink>
                <span className="text-soft">{formatAgo(job.created_at)}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {found.length > 0 ? (
        <Section title="Recent segmentations" flush actions={<LinkButton to="/segmentations">All segmentations</LinkButton>}>
          <RecentSegmentations segmentations={found} />
        </Section>
      ) : null}
      {opened.length > 0 ? (
        <Section title="Opened on this device" flush>
          <RecentList things={opened} />
        </Section>
      ) : null}
    </>
  );
}

function AnExample() {
  const example = useExample();
  return example.data ? (
    <Section title="An example" note="These customers are generated: this is what yours could look like">
      <div className="max-w-2xl">
        <ExamplePicture example={example.data} />
      </div>
    </Section>
  ) : null;
}

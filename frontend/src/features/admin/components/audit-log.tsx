import { Button } from '@/components/button';
import { Select, TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { Empty, Loaded, Notice, SkeletonRows } from '@/components/states';
import { Pager, Table, type Column } from '@/components/table';
import { toast } from '@/components/toast';
import { usePagedAddress } from '@/lib/address';
import { formatCount, formatTime, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { saveAudit, useAudit, useAuditCheck, type AuditEvent } from '../api/audit';

const PAGE_SIZE = 50;

/** Kinds of events; each is what the names of its actions begin with. */
const KINDS: Readonly<Record<string, string>> = {
  sign_in: 'Sign-ins',
  account: 'Accounts',
  invitation: 'Invitations',
  key: 'API keys',
  dataset: 'Tables',
  orders: 'Orders',
  file: 'Expired files',
  run: 'Clustering runs',
  segmentation: 'Segmentations',
  model: 'Models',
  customers: 'Customers placed or downloaded',
  book: 'Segment books downloaded',
  history: 'Prediction history',
  job: 'Cancelled jobs',
  limit: 'Limits reached',
  settings: 'Settings',
  retention: 'Clean-up',
  database: 'Disk space returned',
  audit: 'Downloads of this log',
};

const wordsOf = (text: string): string => text.replaceAll(/[._]/g, ' ');
const sentenceOf = (text: string): string => wordsOf(text).replace(/^./, (letter) => letter.toUpperCase());

/** What an event says besides, as `before: user, after: analyst`. */
const detailsOf = ({ action, details }: AuditEvent): string =>
  action === 'settings.changed'
    ? Object.keys(details.changed ?? {}).map(wordsOf).join(', ')
    : Object.entries(details).map(([name, value]) => `${wordsOf(name)}: ${typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value)}`).join(', ');

const COLUMNS: readonly Column<AuditEvent>[] = [
  {
    id: 'at',
    title: 'When',
    wideOnly: true,
    cell: ({ at }) => (
      <time dateTime={at} className="whitespace-nowrap text-soft">
        {formatTime(at)}
      </time>
    ),
  },
  {
    id: 'what',
    title: 'What',
    className: 'w-full',
    cell: (event) => (
      <div className="flex flex-col py-1 [overflow-wrap:anywhere]">
        <span className="font-strong">{sentenceOf(event.action)}</span>
        <span className="text-soft">
          {[event.object_type === null ? '' : `${wordsOf(event.object_type)} ${event.object_id ?? ''}`.trim(), detailsOf(event)].filter(Boolean).join('; ')}
        </span>
        <span className="text-soft md:hidden">
          {whoOf(event)}, {formatTime(event.at)}
        </span>
      </div>
    ),
  },
  { id: 'who', title: 'Who', wideOnly: true, cell: whoOf },
  { id: 'address', title: 'From', wideOnly: true, cell: ({ address }) => <span className="text-soft">{address ?? '–'}</span> },
];

function whoOf({ actor, actor_id, key_id }: AuditEvent): string {
  if (actor_id === null) return 'The server';
  return `${actor ?? `A deleted account (${actor_id})`}${key_id === null ? '' : `, by key ${key_id}`}`;
}

/** Who did what, when and from where, narrowed down, to take away, and checked. */
export function AuditLog() {
  const { address, skip, change, clear } = usePagedAddress();
  const kind = address.get('kind') ?? '';
  const from = address.get('from') ?? '';
  const to = address.get('to') ?? '';
  const filter = { ...(kind ? { action: kind } : {}), ...(from ? { date_from: from } : {}), ...(to ? { date_to: to } : {}) };
  const audit = useAudit({ ...filter, skip, limit: PAGE_SIZE });
  const check = useAuditCheck();
  return (
    <>
      <search className="grid grid-cols-2 gap-3 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <Select label="Kind" fieldClass="max-md:col-span-2" value={kind} onChange={(event) => change({ kind: event.target.value })}>
          <option value="">All events</option>
          {Object.entries(KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <TextField label="From" type="date" value={from} onChange={(event) => change({ from: event.target.value })} />
        <TextField label="To" type="date" value={to} onChange={(event) => change({ to: event.target.value })} />
      </search>
      <div className="flex flex-wrap gap-2">
        <Button busy={check.isPending} onClick={() => check.mutate(undefined, { onError: (error) => toast(messageOf(error), { tone: 'danger' }) })}>
          Check the log
        </Button>
        <Button icon="download" onClick={() => void saveAudit(filter).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))}>
          Download CSV
        </Button>
      </div>
      {check.data ? (
        <Notice tone={check.data.is_whole ? 'good' : 'danger'}>
          <p role="status">
            {check.data.is_whole
              ? `All ${formatCount(check.data.n_events)} events are as they were written.`
              : `Event ${check.data.first_broken} was changed, or one before it is missing. Compare the log with a backup.`}
          </p>
        </Notice>
      ) : null}
      <Section title={audit.data ? plural(audit.data.total, 'event') : 'Events'} flush>
        <Loaded query={audit} skeleton={<SkeletonRows rows={8} />}>
          {(data) =>
            data.events.length > 0 ? (
              <>
                <Table caption="Events, newest first" columns={COLUMNS} rows={data.events} rowKey={(event) => event.id} />
                <Pager skip={skip} limit={PAGE_SIZE} total={data.total} onChange={(next) => change({ skip: String(next) })} />
              </>
            ) : (
              <Empty icon="search" title="No events found" action={<Button onClick={clear}>Clear filters</Button>}>
                Nothing of this kind happened in this time.
              </Empty>
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

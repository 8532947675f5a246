import { Section } from '@/components/layout';
import { Empty, Loaded, SkeletonRows } from '@/components/states';
import { Table, type Column } from '@/components/table';
import { formatTime } from '@/lib/format';
import { useServerSettings } from '../api/audit';

type Row = [name: string, value: unknown];

const COLUMNS: readonly Column<Row>[] = [
  { id: 'name', title: 'Setting', cell: ([name]) => <code className="[overflow-wrap:anywhere]">{name.toUpperCase()}</code> },
  { id: 'value', title: 'Value', className: 'w-1/2', cell: ([, value]) => <span className="[overflow-wrap:anywhere]">{textOf(value)}</span> },
];

function textOf(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '–';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What this server runs with: how long things are kept first. Secrets are not among it. */
export function ServerSettings() {
  const found = useServerSettings();
  return (
    <Loaded query={found} skeleton={<SkeletonRows rows={8} />}>
      {(data) => {
        if (data === null) return <Empty icon="settings" title="No settings recorded">They are recorded when the server starts.</Empty>;
        const rows = Object.entries(data.settings);
        const isKeeping = ([name]: Row): boolean => name.endsWith('_kept_days');
        return (
          <>
            <Section title="How long things are kept" note="In days; 0 keeps them without an end" flush>
              <Table caption="How long things are kept" columns={COLUMNS} rows={rows.filter(isKeeping)} rowKey={([name]) => name} />
            </Section>
            <Section title="All other settings" note={`Since ${formatTime(data.at)}. They are set in the environment of the server; secrets are not shown`} flush>
              <Table caption="Settings" columns={COLUMNS} rows={rows.filter((row) => !isKeeping(row))} rowKey={([name]) => name} />
            </Section>
          </>
        );
      }}
    </Loaded>
  );
}

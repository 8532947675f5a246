import { Table, type Column, type Sorting } from '@/components/table';
import { SegmentName } from '@/components/segment';
import { formatAgo, formatIncome, formatNumber, formatTime } from '@/lib/format';
import type { HistoryRow } from '../api/list-history';

const number = (row: HistoryRow, field: string): number | null => {
  const value: unknown = row.customer_data[field];
  return typeof value === 'number' ? value : null;
};

function columns(onOpen?: (row: HistoryRow) => void): Column<HistoryRow>[] {
  return [
    {
      id: 'created_at',
      title: 'When',
      sort: (row) => row.created_at,
      cell: (row) => {
        const when = (
          <time dateTime={row.created_at} title={formatTime(row.created_at)}>
            {formatAgo(row.created_at)}
          </time>
        );
        return onOpen ? (
          <button type="button" className="text-left underline decoration-line underline-offset-3 max-md:min-h-11" onClick={() => onOpen(row)}>
            {when}
          </button>
        ) : (
          when
        );
      },
      className: 'whitespace-nowrap',
    },
    { id: 'cluster_name', title: 'Segment', sort: (row) => row.cluster_name, cell: (row) => <SegmentName wrap segment={row.cluster} name={row.cluster_name} />, className: 'w-1/3' },
    { id: 'confidence', title: 'Confidence', number: true, sort: (row) => row.confidence, cell: (row) => `${row.confidence}%` },
    { id: 'sex', title: 'Sex', wideOnly: true, cell: (row) => (typeof row.customer_data.sex === 'string' ? row.customer_data.sex : '–') },
    { id: 'age', title: 'Age', number: true, wideOnly: true, cell: (row) => formatNumber(number(row, 'age')) },
    { id: 'income', title: 'Income', number: true, wideOnly: true, cell: (row) => formatIncome(number(row, 'annual_income')) },
    { id: 'score', title: 'Score', number: true, wideOnly: true, cell: (row) => formatNumber(number(row, 'spending_score')) },
    { id: 'frequency', title: 'Purchases', number: true, wideOnly: true, cell: (row) => formatNumber(number(row, 'purchase_frequency')) },
  ];
}

interface HistoryTableProps {
  rows: readonly HistoryRow[];
  onOpen?: (row: HistoryRow) => void;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting) => void;
}

export function HistoryTable({ rows, onOpen, sorting = null, onSort }: HistoryTableProps) {
  const caption = sorting ? 'Predictions' : 'Predictions, newest first';
  return <Table caption={caption} columns={columns(onOpen)} rows={rows} rowKey={(row) => row.id} onOpen={onOpen} sorting={sorting} {...(onSort ? { onSort } : {})} />;
}

import { Bar, SegmentName } from '@/components/segment';
import { Table, type Column } from '@/components/table';
import { formatCount, formatMoney, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Rfm } from '../api/views';

type Segment = Rfm['segments'][number] & { index: number };

/** What to do with each of the usual names, in a line. */
export const ADVICE: Record<string, string> = {
  Champions: 'Order often, most recently: thank them, and let them try new things first.',
  Loyal: 'Order often, some not quite recently: reward them, and ask for reviews.',
  'Potential loyalists': 'Came recently, with a few orders: offer a reason for the next one.',
  New: 'Came very recently, with the fewest orders: welcome them.',
  Promising: 'Came recently, with the fewest orders: show them what else you have.',
  'Need attention': 'In the middle, and slipping: make a limited offer.',
  'About to sleep': 'Few orders, some time ago: win them back before they forget you.',
  'At risk': 'Ordered often, but not recently: write to them personally.',
  "Can't lose": 'Ordered most often, and stopped: call them.',
  Hibernating: 'Few orders, long ago: do not spend much on them.',
};

interface RfmSegmentsProps {
  rfm: Rfm;
  onPick: (segment: string) => void;
}

/** The segments of the grid, each with what it brings. */
export function RfmSegments({ rfm, onPick }: RfmSegmentsProps) {
  const rows: Segment[] = rfm.segments.map((segment, index) => ({ ...segment, index })).filter(({ customers }) => customers > 0);
  const money = rfm.segments.reduce((sum, segment) => sum + (segment.money ?? 0), 0);
  const columns: Column<Segment>[] = [
    {
      id: 'segment',
      title: 'Segment',
      className: 'w-1/2',
      cell: (row) => (
        <>
          <button type="button" className="max-w-full text-left font-strong hover:underline max-md:min-h-11" onClick={() => onPick(row.name)}>
            <SegmentName wrap segment={row.index} name={row.name} />
          </button>
          {ADVICE[row.name] ? <p className="pl-5 text-soft">{ADVICE[row.name]}</p> : null}
        </>
      ),
    },
    { id: 'share', title: 'Share', wideOnly: true, className: 'min-w-28', cell: (row) => <Bar share={row.share} color={segmentVariable(row.index)} label={`${formatShare(row.share)} of customers`} /> },
    { id: 'customers', title: 'Customers', number: true, cell: (row) => `${formatCount(row.customers)} (${formatShare(row.share)})` },
    { id: 'orders', title: 'Orders', number: true, wideOnly: true, cell: (row) => formatCount(row.orders) },
    ...(rfm.segments.some((segment) => segment.money !== null)
      ? [{ id: 'money', title: 'Money', number: true, cell: (row: Segment) => <>{formatMoney(row.money, rfm.currency)}{money > 0 ? <span className="block text-soft">{formatShare((row.money ?? 0) / money)}</span> : null}</> }]
      : []),
  ];
  return <Table caption="Segments of the RFM grid" columns={columns} rows={rows} rowKey={(row) => row.name} onOpen={(row) => onPick(row.name)} />;
}

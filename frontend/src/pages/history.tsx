import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { Page, Section } from '@/components/layout';
import { Empty, Loaded, SkeletonRows } from '@/components/states';
import { Pager } from '@/components/table';
import { toast } from '@/components/toast';
import { contradictions, Filters, HistoryDrawer, HistoryTable, PAGE_SIZE, useDeleteHistory, useExportHistory, useHistory, useHistoryAddress, type HistoryRow } from '@/features/history';
import { useClusters } from '@/features/segments';
import { useKept } from '@/lib/form';
import { plural } from '@/lib/format';

export default function HistoryPage() {
  const state = useHistoryAddress();
  const { filter, skip, change, clear, sorting, order, sortBy } = state;
  const [open, setOpen] = useState<HistoryRow | null>(null);
  const [deleting, setDeleting] = useKept('history-delete', false);
  const clusters = useClusters();
  const history = useHistory({ ...filter, ...order, skip, limit: PAGE_SIZE });
  const exported = useExportHistory();
  const remove = useDeleteHistory();
  const total = history.data?.total ?? 0;
  const impossible = Object.values(contradictions(filter));
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page
      title="What did we predict, and when?"
      lead="Every prediction you made, newest first."
      actions={
        <>
          <Button icon="download" disabled={total === 0} busy={exported.isPending} onClick={() => exported.mutate(filter)}>
            Download CSV
          </Button>
          <Button look="danger" icon="trash" disabled={total === 0} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        </>
      }
    >
      <Filters state={state} segments={clusters.data?.clusters ?? []} />
      <Section title={history.data ? `${plural(total, 'prediction')}${filtered ? ' with these filters' : ''}` : 'Predictions'} flush>
        <Loaded query={history} skeleton={<SkeletonRows rows={10} />}>
          {(data) =>
            data.history.length > 0 ? (
              <div className={history.isPlaceholderData ? 'opacity-60' : ''}>
                <HistoryTable rows={data.history} onOpen={setOpen} sorting={sorting} onSort={sortBy} />
                <Pager skip={skip} limit={PAGE_SIZE} total={data.total} onChange={(next) => change({ skip: String(next) })} />
              </div>
            ) : filtered || skip > 0 ? (
              <Empty icon="search" title="No predictions match these filters" action={<Button onClick={clear}>Clear filters</Button>}>
                {impossible.length > 0 ? `${impossible.join('. ')}.` : 'Try a wider range of dates or confidence, or another segment.'}
              </Empty>
            ) : (
              <Empty
                icon="history"
                title="No predictions yet"
                action={
                  <LinkButton look="primary" to="/dashboard">
                    Predict a segment
                  </LinkButton>
                }
              >
                Every customer you place in a segment is recorded here, with the result and its confidence.
              </Empty>
            )
          }
        </Loaded>
      </Section>
      {open ? <HistoryDrawer row={open} onClose={() => setOpen(null)} /> : null}
      {deleting ? (
        <Confirm
          title={`Delete ${plural(total, 'prediction')}?`}
          description={`This permanently deletes ${filtered ? 'the filtered predictions' : 'your whole history'}. Download it first if you may need it.`}
          typed="delete"
          action={`Delete ${plural(total, 'prediction')}`}
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() =>
            remove.mutate(filter, {
              onSuccess: (answer) => {
                setDeleting(false);
                toast(`${plural(answer.deleted, 'prediction')} deleted`);
              },
            })
          }
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </Page>
  );
}

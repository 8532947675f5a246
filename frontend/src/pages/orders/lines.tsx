import { useNavigate } from 'react-router';
import { LinkButton } from '@/components/button';
import { DropZone } from '@/components/drop-zone';
import { Section } from '@/components/layout';
import { Notes } from '@/components/notes';
import { Notice } from '@/components/states';
import { toast } from '@/components/toast';
import { Ledger, notesOn, OrderPreview, OrderSettings, Roles, SummariseButton, useAppendLines, useBook } from '@/features/orders';
import { formatAgo, plural } from '@/lib/format';

export default function OrderLinesPage() {
  const { orders, snapshot } = useBook();
  const navigate = useNavigate();
  const append = useAppendLines(orders.id);
  const isOpen = orders.problems.length > 0;
  const isStale = snapshot?.out_of_date === true;
  return (
    <>
      {isOpen ? (
        <Notice tone="warn">
          <ul className="flex flex-col gap-1">
            {orders.problems.map(({ field, message }) => (
              <li key={field}>{message}</li>
            ))}
          </ul>
        </Notice>
      ) : (
        <Section
          title="Every line, and what it counts as"
          actions={
            snapshot && !isStale ? (
              <LinkButton look="primary" to={`/orders/${orders.id}/rfm`}>
                See your customers
              </LinkButton>
            ) : (
              <SummariseButton orders={orders} onMade={({ id }) => void navigate(`/orders/${orders.id}/rfm?snapshot=${id}`)}>
                See your customers
              </SummariseButton>
            )
          }
        >
          {orders.ledger ? <Ledger ledger={orders.ledger} currency={orders.settings.currency} /> : null}
          <Notes className="mt-3" notes={notesOn(orders)} />
        </Section>
      )}
      <Section title="What each column is" note="Correct what was not recognised; the lines are then counted again">
        <Roles orders={orders} />
      </Section>
      <Section title="First lines" flush>
        <OrderPreview orders={orders} />
      </Section>
      <Section title="How orders count">
        <OrderSettings orders={orders} />
      </Section>
      <Section title="Newer orders" note="A file with the same columns; the same file twice counts once">
        <div className="flex flex-col gap-4">
          <DropZone
            compact
            upload={append}
            title="Drop the next export here"
            hint="Lines are added to those that are there."
            working="Reading the lines"
            onUploaded={(answer) => toast('appended' in answer && !answer.appended ? 'This file was already there' : 'The lines were added')}
          />
          <ul aria-label="Files" className="flex flex-col divide-y divide-line text-small">
            {orders.files.map((file) => (
              <li key={file.id} className="flex flex-wrap justify-between gap-x-6 py-2">
                <span className="min-w-0 [overflow-wrap:anywhere]">{file.filename}</span>
                <span className="text-soft">
                  {plural(file.n_lines, 'line')}, {formatAgo(file.created_at)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </Section>
    </>
  );
}

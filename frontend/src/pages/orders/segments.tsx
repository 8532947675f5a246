import { useNavigate, useSearchParams } from 'react-router';
import { LinkButton } from '@/components/button';
import { Section } from '@/components/layout';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { NoCustomers, useBook } from '@/features/orders';
import { RunList, useDatasetRuns } from '@/features/runs';

export default function OrderSegmentsPage() {
  const { orders, snapshot } = useBook();
  const [, setAddress] = useSearchParams();
  if (snapshot === null) return <NoCustomers orders={orders} onMade={({ id }) => setAddress({ snapshot: String(id) })} />;
  return <SegmentsView key={snapshot.id} dataset={snapshot.dataset_id} />;
}

function SegmentsView({ dataset }: { dataset: number }) {
  const runs = useDatasetRuns(dataset);
  const navigate = useNavigate();
  const find = (
    <LinkButton look="primary" to={`/datasets/${dataset}`}>
      Find segments
    </LinkButton>
  );
  return (
    <Section title="Segments by behaviour" note="Found in all figures of the customers, not only recency and frequency" flush actions={runs.data && runs.data.length > 0 ? find : null}>
      <Loaded query={runs} skeleton={<SkeletonBlock height={160} />}>
        {(rows) =>
          rows.length > 0 ? (
            <RunList runs={rows} onOpen={({ run_id }) => void navigate(`/runs/${run_id}`)} />
          ) : (
            <Empty icon="analyse" title="No segments yet" action={find}>
              Find groups of customers who buy alike: how often, how much, what, and when.
            </Empty>
          )
        }
      </Loaded>
    </Section>
  );
}

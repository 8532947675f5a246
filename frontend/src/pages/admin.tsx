import { useSearchParams } from 'react-router';
import { Tabs } from '@/components/tabs';
import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { Statistics, UserTable, useStatistics } from '@/features/admin';
import { useClusters } from '@/features/segments';

export default function AdminPage() {
  const [address, setAddress] = useSearchParams();
  const view = address.get('view') === 'statistics' ? 'statistics' : 'users';
  return (
    <Page title="Who uses this, and may they?" actions={<LinkButton to="/models">Model versions</LinkButton>}>
      <Tabs
        label="Administration"
        value={view}
        onChange={(next) => setAddress(next === 'users' ? {} : { view: next }, { replace: true })}
        tabs={[
          { value: 'users', title: 'Users', content: <UserTable /> },
          { value: 'statistics', title: 'Statistics', content: <StatisticsView /> },
        ]}
      />
    </Page>
  );
}

function StatisticsView() {
  const statistics = useStatistics();
  const clusters = useClusters();
  const segmentNamed = (name: string): number | undefined => clusters.data?.clusters.find((segment) => segment.cluster_name === name)?.cluster_id;
  return (
    <Loaded query={statistics} skeleton={<SkeletonBlock height={480} />}>
      {(figures) => <Statistics figures={figures} segmentNamed={segmentNamed} />}
    </Loaded>
  );
}

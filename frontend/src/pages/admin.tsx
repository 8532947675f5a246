import { useSearchParams } from 'react-router';
import { Tabs } from '@/components/tabs';
import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { AuditLog, Invitations, ServerSettings, Statistics, UserTable, useStatistics } from '@/features/admin';
import { useClusters } from '@/features/segments';

const VIEWS = ['users', 'invitations', 'audit', 'statistics', 'settings'] as const;

export default function AdminPage() {
  const [address, setAddress] = useSearchParams();
  const view = VIEWS.find((each) => each === address.get('view')) ?? 'users';
  return (
    <Page title="Who uses this, and may they?" actions={<LinkButton to="/models">Model versions</LinkButton>}>
      <Tabs
        label="Administration"
        value={view}
        onChange={(next) => setAddress(next === 'users' ? {} : { view: next }, { replace: true })}
        tabs={[
          { value: 'users', title: 'Users', content: <UserTable /> },
          { value: 'invitations', title: 'Invitations', content: <Invitations /> },
          { value: 'audit', title: 'Audit log', content: <AuditLog /> },
          { value: 'statistics', title: 'Statistics', content: <StatisticsView /> },
          { value: 'settings', title: 'Server settings', content: <ServerSettings /> },
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

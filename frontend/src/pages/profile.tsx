import { Figure, Page, Section } from '@/components/layout';
import { LinkButton } from '@/components/button';
import { Loaded, SkeletonBlock } from '@/components/states';
import { AccountForm, useProfile } from '@/features/account';
import { formatCount } from '@/lib/format';

export default function ProfilePage() {
  const profile = useProfile();
  return (
    <Page title="Profile" narrow actions={<LinkButton to="/settings">Password and theme</LinkButton>}>
      <Loaded query={profile} skeleton={<SkeletonBlock height={420} />}>
        {(account) => (
          <>
            <dl className="grid grid-cols-3 items-end gap-4 rounded-card border border-line bg-surface p-5">
              <Figure label="Predictions" value={formatCount(account.total_predictions)} />
              <Figure label="Saved customers" value={formatCount(account.total_saved_profiles)} />
              <Figure label="Role" value={account.role} />
            </dl>
            <Section title="Your account">
              <AccountForm account={account} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

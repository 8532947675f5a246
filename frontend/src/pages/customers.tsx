import { Button } from '@/components/button';
import { Page } from '@/components/layout';
import { toast } from '@/components/toast';
import { ProfileForm, ProfileList, type Profile } from '@/features/profiles';
import { useKept } from '@/lib/form';

export default function CustomersPage() {
  const [editing, setEditing] = useKept<Profile | 'new' | null>('customer', null);
  return (
    <Page
      title="Which customers do we follow?"
      lead="Customers you saved. Place each in a segment with one click."
      actions={
        <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
          New customer
        </Button>
      }
    >
      <ProfileList onEdit={setEditing} onCreate={() => setEditing('new')} />
      {editing !== null ? (
        <ProfileForm
          profile={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={(name) => {
            setEditing(null);
            toast(`${name} saved`);
          }}
        />
      ) : null}
    </Page>
  );
}

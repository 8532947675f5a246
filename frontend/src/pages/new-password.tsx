import { Navigate, useNavigate } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { Button } from '@/components/button';
import { toast } from '@/components/toast';
import { NewPasswordForm, useLogout } from '@/features/session';
import { useSession } from '@/lib/session';

export default function NewPasswordPage() {
  const { token, account } = useSession();
  const navigate = useNavigate();
  const logout = useLogout();
  if (token === null) return <Navigate to="/login" replace />;
  return (
    <AuthPage
      title="Choose a new password"
      lead="You signed in with a one-time password. Replace it with one that only you know."
      foot={
        <p>
          Signed in as {account?.username}.{' '}
          <Button look="quiet" busy={logout.isPending} onClick={() => logout.mutate()}>
            Sign out
          </Button>
        </p>
      }
    >
      <NewPasswordForm
        onDone={() => {
          toast('Password changed');
          void navigate('/start', { replace: true });
        }}
      />
    </AuthPage>
  );
}

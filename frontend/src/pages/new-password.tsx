import { Navigate, useNavigate } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { toast } from '@/components/toast';
import { NewPasswordForm } from '@/features/session';
import { useSession } from '@/lib/session';

export default function NewPasswordPage() {
  const { token } = useSession();
  const navigate = useNavigate();
  if (token === null) return <Navigate to="/login" replace />;
  return (
    <AuthPage title="Choose a new password" lead="You signed in with a one-time password. Replace it with one that only you know.">
      <NewPasswordForm
        onDone={() => {
          toast('Your password is changed');
          void navigate('/dashboard', { replace: true });
        }}
      />
    </AuthPage>
  );
}

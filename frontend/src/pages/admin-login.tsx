import { Navigate, useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { TextLink } from '@/components/button';
import { LoginForm } from '@/features/session';

export default function AdminLoginPage() {
  const { search } = useLocation();
  // After signing in, the guard goes on to the address named here.
  if (!search.includes('next=')) return <Navigate to="/admin/login?next=/admin" replace />;
  return (
    <AuthPage
      title="Administration"
      lead="For accounts with the admin role."
      foot={
        <p>
          Not an administrator? <TextLink to="/login">Sign in here</TextLink>
        </p>
      }
    >
      <LoginForm action="Sign in to administration" />
    </AuthPage>
  );
}

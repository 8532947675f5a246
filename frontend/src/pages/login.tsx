import { useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { TextLink } from '@/components/button';
import { LoginForm } from '@/features/session';
import { sayBrought } from '@/lib/upload';

export default function LoginPage() {
  const { search } = useLocation();
  return (
    <AuthPage
      title="Sign in"
      lead={sayBrought()}
      foot={
        <>
          <p>
            New here? <TextLink to={`/register${search}`}>Create an account</TextLink>
          </p>
          <p>
            Administrator? <TextLink to="/admin/login">Sign in to administration</TextLink>
          </p>
        </>
      }
    >
      <LoginForm />
    </AuthPage>
  );
}

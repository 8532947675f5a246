import { useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { TextLink } from '@/components/button';
import { LoginForm, ProviderSignIn, useWaysIn } from '@/features/session';
import { sayBrought } from '@/lib/upload';

export default function LoginPage() {
  const { search } = useLocation();
  const isByInvitation = useWaysIn().data?.registration === 'invitation';
  return (
    <AuthPage
      title="Sign in"
      lead={sayBrought()}
      foot={
        <>
          {isByInvitation ? (
            <p>New here? Ask an administrator for an invitation.</p>
          ) : (
            <p>
              New here? <TextLink to={`/register${search}`}>Create an account</TextLink>
            </p>
          )}
          <p>
            Administrator? <TextLink to="/admin/login">Sign in to administration</TextLink>
          </p>
        </>
      }
    >
      <ProviderSignIn />
      <LoginForm />
    </AuthPage>
  );
}

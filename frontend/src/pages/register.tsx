import { useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { TextLink } from '@/components/button';
import { RegisterForm } from '@/features/session';

export default function RegisterPage() {
  const { search } = useLocation();
  return (
    <AuthPage
      title="Create an account"
      foot={
        <p>
          Already have one? <TextLink to={`/login${search}`}>Sign in</TextLink>
        </p>
      }
    >
      <RegisterForm />
    </AuthPage>
  );
}

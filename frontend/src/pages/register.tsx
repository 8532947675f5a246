import { useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { TextLink } from '@/components/button';
import { RegisterForm } from '@/features/session';
import { sayBrought } from '@/lib/upload';

export default function RegisterPage() {
  const { search } = useLocation();
  return (
    <AuthPage
      title="Create an account"
      lead={sayBrought()}
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

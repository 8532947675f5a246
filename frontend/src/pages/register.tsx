import { useLocation } from 'react-router';
import { AuthPage } from '@/components/auth-page';
import { LinkButton, TextLink } from '@/components/button';
import { Notice, SkeletonBlock } from '@/components/states';
import { RegisterForm, useWaysIn } from '@/features/session';
import { sayBrought } from '@/lib/upload';

export default function RegisterPage() {
  const { search } = useLocation();
  const invitation = new URLSearchParams(search).get('invitation');
  const waysIn = useWaysIn();
  const isShut = invitation === null && waysIn.data?.registration === 'invitation';
  return (
    <AuthPage
      title="Create an account"
      lead={invitation === null ? sayBrought() : 'You are invited. The link works once.'}
      foot={
        isShut ? null : (
          <p>
            Already have one? <TextLink to={`/login${invitation === null ? search : ''}`}>Sign in</TextLink>
          </p>
        )
      }
    >
      {isShut ? (
        <>
          <Notice>Accounts are made by invitation. Ask an administrator for a link.</Notice>
          <LinkButton to={`/login${search}`}>Sign in</LinkButton>
        </>
      ) : invitation === null && waysIn.isLoading ? (
        // A form that is not for its reader would be gone while they type.
        <SkeletonBlock height={440} />
      ) : (
        <RegisterForm invitation={invitation} />
      )}
    </AuthPage>
  );
}

import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { buttonStyle } from '@/components/button';
import { Notice } from '@/components/states';
import { API_URL } from '@/lib/client';
import { messageOf } from '@/lib/http';
import { drafts } from '@/lib/session';
import { useTokenSignIn, useWaysIn } from '../api/ways-in';

const WAY = 'provider-sign-in';
const REFUSALS: Record<string, string> = {
  sign_in_not_begun: 'This sign-in began in another browser or took too long. Please try again.',
  sign_in_not_confirmed: 'The sign-in was not completed. Please try again.',
  account_deactivated: 'Your account is deactivated. Contact your administrator.',
  no_verified_email: 'Your sign-in has no verified email address, which an account needs. Contact your administrator.',
  provider_unavailable: 'The sign-in service is not responding. Please try again in a moment.',
};

/** The address where somebody wanted to go before they left for the provider. */
function wayBefore(): string {
  const search = drafts.load(WAY)?.search;
  drafts.drop(WAY);
  return typeof search === 'string' ? search : '';
}

/** Leads to the company's own sign-in, where there is one, and takes its answer, which stands behind the `#`. */
export function ProviderSignIn() {
  const { search, hash } = useLocation();
  const navigate = useNavigate();
  const [told] = useState(() => new URLSearchParams(hash.slice(1)));
  const provider = useWaysIn().data?.sign_in_provider;
  // Once the address is clean and says where to go on to.
  const signIn = useTokenSignIn(hash === '' ? told.get('access_token') : null);
  const code = told.get('error');
  useEffect(() => {
    if (hash === '') return;
    // A token does not stay in the address, nor in the history.
    void navigate({ search: wayBefore(), hash: '' }, { replace: true });
  }, [hash, navigate]);
  return (
    <>
      {code === null ? null : <Notice tone="danger">{REFUSALS[code] ?? 'You could not be signed in. Please try again, or contact your administrator.'}</Notice>}
      {signIn.error ? <Notice tone="danger">{messageOf(signIn.error)}</Notice> : null}
      {signIn.isFetching ? <p role="status">Signing in</p> : null}
      {provider ? (
        <>
          <a href={API_URL + provider.start} className={buttonStyle('plain')} onClick={() => drafts.save(WAY, { search })}>
            Continue with {provider.name}
          </a>
          <p className="-my-2 text-center text-small text-soft">or with a password</p>
        </>
      ) : null}
    </>
  );
}

export { useCurrentAccount } from './api/current-account';
export { useLogout } from './api/logout';
export { LoginForm } from './components/login-form';
export { NewPasswordForm } from './components/new-password-form';
export { RegisterForm } from './components/register-form';
export { ServerAwayScreen } from './components/server-away';
export { useWaysIn } from './api/ways-in';
export { ProviderSignIn } from './components/provider-sign-in';

export { useProfile } from './api/account';
export { AccountForm } from './components/account-form';
export { DeleteAccount } from './components/delete-account';

export type { Profile } from './api/profiles';
export { ProfileForm } from './components/profile-form';
export { ProfileList } from './components/profile-list';

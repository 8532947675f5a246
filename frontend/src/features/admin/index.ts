export { useStatistics } from './api/statistics';
export { Statistics } from './components/statistics';
export { UserTable } from './components/user-table';

export { useStatistics } from './api/statistics';
export { Statistics } from './components/statistics';
export { UserTable } from './components/user-table';
export { AuditLog } from './components/audit-log';
export { Invitations } from './components/invitations';
export { ServerSettings } from './components/server-settings';

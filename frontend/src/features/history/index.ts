export { useDeleteHistory } from './api/delete-history';
export { useExportHistory } from './api/export-history';
export { useHistory, type HistoryRow } from './api/list-history';
export { contradictions, PAGE_SIZE, useHistoryAddress } from './components/address';
export { Filters } from './components/filters';
export { HistoryDrawer } from './components/history-drawer';
export { HistoryTable } from './components/history-table';

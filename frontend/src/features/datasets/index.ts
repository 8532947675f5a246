export { useDataset, useUnsavedCorrection, useDatasets } from './api/datasets';
export { ColumnTable, Preview } from './components/columns';
export { DatasetList } from './components/dataset-list';
export { DialectPanel, TableWarnings } from './components/dialect';
export { DropZone } from './components/drop-zone';

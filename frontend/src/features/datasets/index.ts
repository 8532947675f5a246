export { exampleFile } from './api/example-file';
export { useDataset, useDatasets, useUnsavedCorrection } from './api/datasets';
export { useUpload } from './api/upload';
export { ColumnTable, Preview } from './components/columns';
export { DatasetList } from './components/dataset-list';
export { DialectPanel } from './components/dialect';
export { Doubts } from './components/doubts';
export { FileLimits } from './components/file-limits';
export { RowMeaning } from './components/row-meaning';

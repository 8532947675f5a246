export { exampleFile } from './api/example-file';
export { useDataset, useUnsavedCorrection, useDatasets } from './api/datasets';
export { useUpload } from './api/upload';
export { ColumnTable, Preview } from './components/columns';
export { DatasetList } from './components/dataset-list';
export { DialectPanel } from './components/dialect';
export { Doubts } from './components/doubts';
export { RowMeaning } from './components/row-meaning';

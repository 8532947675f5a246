export { LATEST, useAnalyses, useAnalysis } from './api/analyse';
export { exampleRecords } from './api/example-records';
export { AnalysisView } from './components/analysis-view';
export { RecordsProblem, RecordsSettings, TEXT_FILES, useRecordsDoor } from './components/records-door';

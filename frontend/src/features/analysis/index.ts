export { LATEST, useAnalyses, useAnalysis } from './api/analyse';
export { AnalysisView } from './components/analysis-view';
export { RecordsProblem, useRecordsDoor } from './components/records-door';

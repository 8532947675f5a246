export { useAnalyse } from './api/analyse';
export { AnalyseForm } from './components/analyse-form';
export { AnalysisView } from './components/analysis-view';

export { useComparison, useDrift, useModel, useModels, type ModelSummary } from './api/models';
export { ActivateButton } from './components/activate';
export { Cautions } from './components/cautions';
export { Comparison } from './components/comparison';
export { Drift, DriftAlarm } from './components/drift';
export { Reality } from './components/reality';
export { TrainDialog, useTrainDialog } from './components/train-dialog';
export { TrainingUnderWay } from './components/training-under-way';

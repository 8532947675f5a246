export { useClusters, type Segment } from './api/get-clusters';
export { useElbow } from './api/get-elbow';
export { usePoints } from './api/get-points';
export { type Prediction } from './api/predict';
export { CustomerMap } from './components/customer-map';
export { PredictForm } from './components/predict-form';
export { ResultCard } from './components/result-card';
export { SegmentAverages } from './components/segment-averages';

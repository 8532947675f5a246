import { useOpened } from '@/features/segmentations';
import { PlaceCustomers } from '../place-customers';

/** Which segment of this segmentation a customer belongs to, or those of a file. */
export default function PlacePage() {
  const { id, segmentation } = useOpened();
  return <PlaceCustomers id={id} name={segmentation.name} />;
}

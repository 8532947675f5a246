import { LinkButton } from '@/components/button';
import { Empty } from '@/components/states';
import { useOpened } from '@/features/segmentations';
import { PlaceCustomers } from '../place-customers';

/** Which segment of this segmentation a customer belongs to, or those of a file. */
export default function PlacePage() {
  const { id, segmentation } = useOpened();
  if (segmentation.kind !== 'core') return <PlaceCustomers id={id} name={segmentation.name} />;
  return (
    <Empty icon="dashboard" title="Customers are placed in this segmentation on the dashboard" action={<LinkButton to="/dashboard?in=core">Place a customer</LinkButton>}>
      It asks for age, income, spending and purchases.
    </Empty>
  );
}

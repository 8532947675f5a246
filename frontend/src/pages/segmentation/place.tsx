import { LinkButton } from '@/components/button';
import { Empty } from '@/components/states';
import { useOpened } from '@/features/segmentations';
import { PlaceInRun } from '../place-in-run';

/** Which segment of this segmentation a customer belongs to, or those of a file. */
export default function PlacePage() {
  const { segmentation, version } = useOpened();
  if (version.run_id !== null) return <PlaceInRun key={version.run_id} run={version.run_id} name={segmentation.name} segments={version.segments} />;
  return (
    <Empty icon="dashboard" title="Customers are placed in this segmentation on the dashboard" action={<LinkButton to="/dashboard?in=core">Place a customer</LinkButton>}>
      It asks for age, income, spending and purchases.
    </Empty>
  );
}

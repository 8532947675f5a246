import { useState } from 'react';
import { DropZone } from '@/components/drop-zone';
import { Section } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { Placed, PlacedBefore, PlacedFile, PlaceForm, usePlaceCustomer, usePlaceFields, usePlaceFile, type Placements, type Ref } from '@/features/segmentations';

/** A form for one customer, made of the segmentation's own columns, and a place to drop a file of them. */
export function PlaceCustomers({ id, name }: { id: Ref; name: string }) {
  const fields = usePlaceFields(id);
  const place = usePlaceCustomer(id);
  const upload = usePlaceFile(id);
  const [placed, setPlaced] = useState<Placements | null>(null);
  return (
    <>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Section title="Customer">
          <Loaded query={fields} skeleton={<SkeletonBlock height={320} />}>
            {({ columns }) => <PlaceForm name={String(id)} fields={columns} place={place} />}
          </Loaded>
        </Section>
        <Section title="Result">
          <Placed placement={place.data?.placements[0]} />
        </Section>
      </div>
      <Section title="Many customers" note="A file with the same columns">
        <div className="flex flex-col gap-6">
          <DropZone compact upload={upload} title="Drop a file of customers here" hint="CSV in any format, Excel or Parquet, up to 20 MB." working="Placing the customers" onUploaded={setPlaced} />
          {placed ? <PlacedFile placements={placed} name={name} /> : null}
        </div>
      </Section>
      <PlacedBefore id={id} />
    </>
  );
}

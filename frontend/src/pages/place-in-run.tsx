import { useMemo, useState } from 'react';
import { DropZone } from '@/components/drop-zone';
import { Section } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { useSegments, type Profile } from '@/features/runs';
import { lastingMarks, Placed, PlacedFile, PlaceForm, usePlaceCustomer, usePlaceFile, type PlaceField, type Placements, type Segment } from '@/features/segmentations';

/** What a customer is placed by: the columns that the segments are described by, with what is usual. */
function fieldsOf(profiles: readonly Profile[]): readonly PlaceField[] {
  const numbers = [...new Set(profiles.flatMap(({ means }) => Object.keys(means)))].map((name): PlaceField => {
    const means = profiles.map(({ means: all }) => all[name]).filter((mean): mean is number => typeof mean === 'number');
    return { name, choices: null, low: means.length > 0 ? Math.min(...means) : null, high: means.length > 0 ? Math.max(...means) : null };
  });
  const categories = [...new Set(profiles.flatMap(({ categories: all }) => Object.keys(all)))].map(
    (name): PlaceField => ({ name, low: null, high: null, choices: [...new Set(profiles.flatMap(({ categories: all }) => levelsOf(all[name])))].sort((a, b) => a.localeCompare(b)) }),
  );
  return [...numbers, ...categories];
}

type Levels = Profile['categories'][string] | undefined;
const levelsOf = (levels: Levels): readonly string[] => levels?.map(({ level }) => level) ?? [];

interface PlaceProps {
  run: number;
  name: string;
  segments: readonly Segment[];
}

/** A form for one customer, made of the segmentation's own columns, and a place to drop a file of them. */
export function PlaceInRun({ run, name, segments }: PlaceProps) {
  const described = useSegments(run, 0, 1);
  const place = usePlaceCustomer(run);
  const upload = usePlaceFile(run);
  const [placed, setPlaced] = useState<Placements | null>(null);
  const mark = useMemo(() => lastingMarks(segments), [segments]);
  return (
    <>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Section title="Customer">
          <Loaded query={described} skeleton={<SkeletonBlock height={320} />}>
            {({ profiles }) => <PlaceForm name={String(run)} fields={fieldsOf(profiles)} place={place} />}
          </Loaded>
        </Section>
        <Section title="Result">
          <Placed placement={place.data?.placement} mark={mark} />
        </Section>
      </div>
      <Section title="Many customers" note="A file with the same columns">
        <div className="flex flex-col gap-6">
          <DropZone compact upload={upload} title="Drop a file of customers here" hint="CSV in any format, Excel or Parquet, up to 20 MB." working="Placing the customers" onUploaded={setPlaced} />
          {placed ? <PlacedFile placements={placed} name={name} mark={mark} /> : null}
        </div>
      </Section>
    </>
  );
}

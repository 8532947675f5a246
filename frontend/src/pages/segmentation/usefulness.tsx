import { useSearchParams } from 'react-router';
import { TextLink } from '@/components/button';
import { Select } from '@/components/field';
import { Empty, Loaded, SkeletonBlock } from '@/components/states';
import { ColumnSelect, inSameOrder, useColumns, useDistribution, useOpened, UsefulnessView, useUsefulness } from '@/features/segmentations';

/** What the segments say about a column that they were not made from. */
export default function UsefulnessPage() {
  const { id, version, segmentation } = useOpened();
  const of = { id, version: version.is_active ? undefined : version.version };
  const [address, setAddress] = useSearchParams();
  const columns = useColumns(of);
  const others = columns.data?.filter(({ used, kind }) => !used && kind !== 'date') ?? [];
  const chosen = others.find(({ name }) => name === address.get('column')) ?? others[0];
  const value = address.get('value') ?? undefined;
  const isCategory = chosen?.kind === 'category';
  const levels = useDistribution(of, isCategory ? chosen.name : undefined);
  const usefulness = useUsefulness(of, chosen?.name, isCategory ? value : undefined);
  const change = (changes: Record<string, string | null>): void =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        for (const [name, text] of Object.entries(changes)) {
          if (text === null) next.delete(name);
          else next.set(name, text);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <>
      <section aria-labelledby="question" className="flex flex-col gap-1">
        <h2 id="question">Do these segments help with what you want to know?</h2>
        <p className="max-w-2xl text-small text-soft">
          Choose a column that the segments were not made from, such as churn, response or revenue. The choice of segments never looks at it. <TextLink to="/guide/how-to-read#do-they-help">How to read this</TextLink>
        </p>
      </section>
      <Loaded query={columns} skeleton={<SkeletonBlock height={420} />}>
        {() =>
          chosen === undefined ? (
            <Empty icon="search" title="There is no other column to compare">
              {segmentation.is_owner ? 'The segments differ by construction in the columns that they were found in. Find segments again without the column that you want to know about, and come back.' : 'Columns that the segments were not made from are shown to the owner of the table only.'}
            </Empty>
          ) : (
            <>
              <div className="flex flex-wrap gap-3">
                <ColumnSelect label="Column" columns={others} value={chosen.name} onChange={(column) => change({ column, value: null })} />
                {isCategory && usefulness.data?.kind === 'category' && levels.data?.name === chosen.name && (levels.data.levels?.length ?? 0) > 1 ? (
                  <Select label="Share of" fieldClass="w-full max-w-60" value={usefulness.data.value ?? ''} onChange={(event) => change({ value: event.target.value })}>
                    {[...new Set([...(levels.data.levels ?? []), usefulness.data.value ?? ''])].map((level) => (
                      <option key={level}>{level}</option>
                    ))}
                  </Select>
                ) : null}
              </div>
              <Loaded query={usefulness} skeleton={<SkeletonBlock height={420} />}>
                {(found) => (
                  <div aria-live="polite" aria-busy={usefulness.isPlaceholderData} className={`flex flex-col gap-6 ${usefulness.isPlaceholderData ? 'opacity-60' : ''}`}>
                    <UsefulnessView found={{ ...found, segments: inSameOrder(found.segments, version.segments) }} />
                  </div>
                )}
              </Loaded>
            </>
          )
        }
      </Loaded>
    </>
  );
}

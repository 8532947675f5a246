import { useMemo, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Section } from '@/components/layout';
import { Loaded, SkeletonBlock } from '@/components/states';
import { ColumnBySegmentChart, ColumnSelect, inOrder, inSameOrder, SizesOverVersions, TwoColumns, useColumns, useDistribution, useOpened, usePoints, useVersions } from '@/features/segmentations';

/** Pictures of any columns of the table by segment; what is chosen is in the address. */
export function Charts({ strongest }: { strongest: readonly string[] }) {
  const { id, version } = useOpened();
  const of = { id, version: version.is_active ? undefined : version.version };
  const [address, setAddress] = useSearchParams();
  const columns = useColumns(of);
  const all = columns.data ?? [];
  const drawable = all.filter(({ kind }) => kind !== 'category');
  const find = (among: typeof all, names: readonly (string | null)[]) => names.map((name) => among.find((column) => column.name === name)).find((column) => column !== undefined)?.name;
  const by = find(all, [address.get('by'), ...strongest, all[0]?.name ?? null]);
  const numbers = strongest.filter((name) => drawable.some((column) => column.name === name));
  const x = find(drawable, [address.get('x'), numbers[0] ?? null, drawable[0]?.name ?? null]);
  const others = drawable.filter(({ name }) => name !== x);
  const y = find(drawable, [address.get('y'), numbers.find((name) => name !== x) ?? null, others[0]?.name ?? null]);
  const distribution = useDistribution(of, by);
  const points = usePoints(of, x, y);
  const versions = useVersions(id);
  // A chart that is given the same again keeps what its reader zoomed to.
  const segments = useMemo(() => inOrder(version.segments), [version.segments]);
  const bySegment = useMemo(() => distribution.data && { ...distribution.data, segments: inSameOrder(distribution.data.segments.map((each) => ({ ...each, lasting_id: each.segment })), version.segments) }, [distribution.data, version.segments]);
  const choose = (name: string) => (column: string) =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        next.set(name, column);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <>
      <Section title="Any column, by segment">
        <Loaded query={columns} skeleton={<SkeletonBlock height={420} />}>
          {() => (
            <div className="flex flex-col gap-4">
              <ColumnSelect label="Column" columns={all} value={by} onChange={choose('by')} />
              <Loaded query={{ ...distribution, data: bySegment }} skeleton={<SkeletonBlock height={360} />}>
                {(found) => (
                  <Refreshed isOld={distribution.isPlaceholderData}>
                    <ColumnBySegmentChart found={found} />
                  </Refreshed>
                )}
              </Loaded>
            </div>
          )}
        </Loaded>
      </Section>
      {columns.data !== undefined && others.length > 0 ? (
        <Section title="Any two columns">
          <div className="flex flex-col gap-4">
            <div className="flex flex-wrap gap-3">
              <ColumnSelect label="From left to right" columns={drawable} value={x} onChange={choose('x')} />
              <ColumnSelect label="Upwards" columns={drawable} value={y} onChange={choose('y')} />
            </div>
            <Loaded query={points} skeleton={<SkeletonBlock height={440} />}>
              {(found) => (
                <Refreshed isOld={points.isPlaceholderData}>
                  <TwoColumns points={found} segments={segments} />
                </Refreshed>
              )}
            </Loaded>
          </div>
        </Section>
      ) : null}
      {versions.data !== undefined && versions.data.length > 1 ? (
        <Section title="Sizes over versions">
          <SizesOverVersions versions={versions.data} />
        </Section>
      ) : null}
    </>
  );
}

/** What was there before stays, dimmed, while the next is fetched. */
function Refreshed({ isOld, children }: { isOld: boolean; children: ReactNode }) {
  return (
    <div aria-busy={isOld} className={isOld ? 'opacity-60' : ''}>
      {children}
    </div>
  );
}

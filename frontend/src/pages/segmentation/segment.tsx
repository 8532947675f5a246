import { useState } from 'react';
import { useParams } from 'react-router';
import { Button, LinkButton, TextLink } from '@/components/button';
import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import { Bar, SegmentMark, SegmentName } from '@/components/segment';
import { Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { toast } from '@/components/toast';
import { addressIn, ColumnComparison, CustomerTable, inOrder, SegmentTitle, SegmentWordsForm, useOpened, useSegmentView } from '@/features/segmentations';
import { wholeNumber } from '@/lib/address';
import { formatScore, formatShare, plural } from '@/lib/format';
import { isMissing } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';

const SHOWN_COLUMNS = 6;
const SHOWN_FIELDS = 5;

/** Everything about one segment, on one page. */
export default function SegmentPage() {
  const { id, version, mayChange } = useOpened();
  const lasting = wholeNumber(useParams().segment ?? null, 0, 1e9);
  const at = version.is_active ? undefined : version.version;
  const [editing, setEditing] = useState(false);
  const [all, setAll] = useState(false);
  const segment = version.segments.find(({ lasting_id }) => lasting_id === lasting);
  const view = useSegmentView({ id, version: at }, segment?.lasting_id);
  const order = inOrder(version.segments);
  const place = order.findIndex(({ lasting_id }) => lasting_id === lasting);
  const [before, after] = [order[place - 1], order[place + 1]];
  const to = (each: number): string => addressIn(id, `segments/${each}`, at);
  if (segment === undefined || isMissing(view.error)) {
    return (
      <Empty icon="search" title="This version has no such segment" action={<LinkButton to={addressIn(id, '', at)}>All segments</LinkButton>}>
        It may be in another version of this segmentation.
      </Empty>
    );
  }
  return (
    <>
      <nav aria-label="Segments" className="flex flex-wrap justify-between gap-2 text-small">
        <TextLink to={addressIn(id, '', at)} className="flex min-h-11 items-center md:min-h-0">
          All segments
        </TextLink>
        <span className="flex flex-wrap gap-4">
          {before ? (
            <TextLink to={to(before.lasting_id)} className="flex min-h-11 items-center md:min-h-0">
              ← {before.name}
            </TextLink>
          ) : null}
          {after ? (
            <TextLink to={to(after.lasting_id)} className="flex min-h-11 items-center md:min-h-0">
              {after.name} →
            </TextLink>
          ) : null}
        </span>
      </nav>
      <section aria-label={segment.name} className="flex flex-col gap-2">
        <h2 className="text-title">
          <SegmentTitle id={id} segment={segment} to={to(segment.lasting_id)} mayChange={mayChange} />
        </h2>
        <p>
          {plural(segment.size, 'customer')}, {formatShare(segment.share)} of all.
          {segment.name === segment.automatic_name ? null : <span className="text-soft"> The automatic name is {segment.automatic_name}.</span>}
        </p>
        <div className="max-w-96">
          <Bar share={segment.share} color={segmentVariable(segment.lasting_id)} />
        </div>
      </section>
      <Loaded query={view} skeleton={<SkeletonBlock height={520} />} onError={(error) => <Problem error={error} retry={() => void view.refetch()} />}>
        {(data) => (
          <>
            <Section
              title="What to do"
              actions={
                mayChange ? (
                  <Button icon="edit" onClick={() => setEditing(true)}>
                    Note and advice
                  </Button>
                ) : null
              }
            >
              <div className="flex flex-col gap-2">
                {segment.advice === null ? null : <p className="font-strong [overflow-wrap:anywhere]">{segment.advice}</p>}
                <ul className="flex flex-col gap-1">
                  {data.advice.map(({ text }) => (
                    <li key={text} className={segment.advice === null ? '' : 'text-soft'}>
                      {text}
                    </li>
                  ))}
                </ul>
                {segment.note === null ? null : <p className="text-small text-soft [overflow-wrap:anywhere]">{segment.note}</p>}
              </div>
            </Section>
            <section aria-labelledby="apart" className="flex flex-col gap-3">
              <div>
                <h2 id="apart">What sets it apart</h2>
                <p className="text-small text-soft">
                  The bars are this segment, the line is everyone else, each in shares of its customers.
                  {data.stability ? (
                    <>
                      {' '}
                      {data.stability.sentence}
                      <Explained term="stability" figure={`Jaccard ${formatScore(data.stability.jaccard)}`} />
                    </>
                  ) : null}
                </p>
              </div>
              <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
                {data.columns.slice(0, all ? undefined : SHOWN_COLUMNS).map((column) => (
                  <ColumnComparison key={column.name} column={column} mark={segment.lasting_id} name={segment.name} />
                ))}
              </ul>
              {data.columns.length > SHOWN_COLUMNS ? (
                <Button look="quiet" className="self-start" aria-expanded={all} onClick={() => setAll(!all)}>
                  {all ? 'Show fewer columns' : `Show all ${data.columns.length} columns`}
                </Button>
              ) : null}
            </section>
            {data.rule ? (
              <Section
                title="The rule"
                note="Use it to find these customers in a database"
                actions={
                  <Button
                    onClick={() =>
                      void navigator.clipboard.writeText(data.rule?.sql ?? '').then(
                        () => toast('The SQL is copied'),
                        () => toast('The browser does not allow copying; select the SQL below', { tone: 'danger' }),
                      )
                    }
                  >
                    Copy SQL
                  </Button>
                }
              >
                <div className="flex flex-col gap-2 text-small">
                  <p className="[overflow-wrap:anywhere]">{data.rule.text}</p>
                  <p className="text-soft">
                    {formatShare(data.rule.precision)} of the customers it selects belong to the segment; it finds {formatShare(data.rule.recall)} of the segment.
                  </p>
                  <pre className="overflow-x-auto rounded-control bg-sunken p-3" tabIndex={0} role="region" aria-label="SQL">
                    {data.rule.sql}
                  </pre>
                </div>
              </Section>
            ) : null}
            <Section title="Its most typical customers" flush>
              <CustomerTable id={id} version={at} rows={data.typical} fields={fieldsOf(data.typical)} withSegment={false} caption="Most typical customers" />
            </Section>
            <Section title="On its border" note="The customers nearest to another segment" flush>
              <CustomerTable id={id} version={at} rows={data.borderline} fields={fieldsOf(data.borderline)} withSegment={false} caption="Borderline customers" />
            </Section>
            <LinkButton className="self-start" to={`${addressIn(id, 'customers', at)}${at === undefined ? '?' : '&'}segment=${segment.lasting_id}`}>
              All {plural(segment.size, 'customer')}
            </LinkButton>
            <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
              {data.neighbours.length > 0 ? (
                <Section title="Its neighbours" note="To which segments its doubtful customers are nearest">
                  <ul className="flex flex-col gap-3 text-small">
                    {data.neighbours.map((each) => (
                      <li key={each.lasting_id} className="flex flex-col gap-1">
                        <span className="flex justify-between gap-4">
                          <TextLink to={to(each.lasting_id)} className="min-w-0">
                            <SegmentName wrap segment={each.lasting_id} name={each.name} />
                          </TextLink>
                          <span className="tabular-nums">{formatShare(each.share_of_borderline)}</span>
                        </span>
                        <Bar share={each.share_of_borderline} color={segmentVariable(each.lasting_id)} />
                      </li>
                    ))}
                  </ul>
                </Section>
              ) : null}
              {data.shares.length > 1 ? (
                <Section title="Its share over versions">
                  <ul className="flex flex-col gap-3 text-small">
                    {data.shares.map(({ version: each, share }) => (
                      <li key={each} className="flex flex-col gap-1">
                        <span className="flex justify-between gap-4">
                          <span className="flex items-center gap-2">
                            <SegmentMark segment={segment.lasting_id} size={10} /> Version {each}
                          </span>
                          <span className="tabular-nums">{share === null ? 'not in it' : formatShare(share)}</span>
                        </span>
                        <Bar share={share ?? 0} color={segmentVariable(segment.lasting_id)} />
                      </li>
                    ))}
                  </ul>
                </Section>
              ) : null}
            </div>
          </>
        )}
      </Loaded>
      {editing ? <SegmentWordsForm id={id} segment={segment} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

const fieldsOf = (rows: readonly { values: Record<string, unknown> }[]): readonly string[] => Object.keys(rows[0]?.values ?? {}).slice(0, SHOWN_FIELDS);

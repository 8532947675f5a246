import { useParams } from 'react-router';
import { LinkButton, TextLink } from '@/components/button';
import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import { LongName } from '@/components/long-name';
import { Bar, SegmentName } from '@/components/segment';
import { Badge, Empty, Loaded, Problem, SkeletonBlock } from '@/components/states';
import { addressIn, formatValue, useCustomerView, useOpened } from '@/features/segmentations';
import { formatShare, likelihoodOf } from '@/lib/format';
import { isMissing } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import { useNoteRecent } from '@/lib/recent';

/** Why one customer is in its segment, and what would move it. */
export default function SegmentationCustomerPage() {
  const { id, version, segmentation } = useOpened();
  const identifier = useParams().customer ?? '';
  const at = version.is_active ? undefined : version.version;
  const view = useCustomerView({ id, version: at }, identifier);
  useNoteRecent('customer', addressIn(id, `customers/${encodeURIComponent(identifier)}`), isMissing(view.error) ? null : view.data && `${view.data.customer.identifier} in ${segmentation.name}`);
  const list = <LinkButton to={addressIn(id, 'customers', at)}>All customers</LinkButton>;
  return (
    <Loaded
      query={view}
      skeleton={<SkeletonBlock height={480} />}
      onError={(error) =>
        isMissing(error) ? (
          <Empty icon="search" title="There is no such customer" action={list}>
            No row of this version has the identifier {identifier}.
          </Empty>
        ) : (
          <Problem error={error} retry={() => void view.refetch()} />
        )
      }
    >
      {({ customer, identified_by, same_identifier, probabilities, speaks_for, smallest_change, history }) => (
        <>
          <section aria-labelledby="customer" className="flex flex-col gap-2">
            <h2 id="customer" className="text-title">
              <LongName>{`${identified_by ?? 'Row'} ${customer.identifier}`}</LongName>
            </h2>
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              {customer.segment === null ? (
                <SegmentName wrap segment={-1} name={customer.segment_name} />
              ) : (
                <TextLink to={addressIn(id, `segments/${customer.segment}`, at)}>
                  <SegmentName wrap segment={customer.segment} name={customer.segment_name} />
                </TextLink>
              )}
              <span>
                <span className="inline-block first-letter:uppercase">{likelihoodOf(customer)}</span>
                {customer.confidence === null ? null : (
                  <span className="text-soft">
                    , {customer.confidence}% confidence
                    <Explained term="confidence" figure={`Confidence ${customer.confidence}%`} />
                  </span>
                )}
              </span>
              {customer.outlier ? <Badge tone="warn">Unusual customer</Badge> : null}
            </p>
            {same_identifier > 1 ? <p className="text-small text-soft">{same_identifier} rows have this identifier; the first is shown.</p> : null}
          </section>
          <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
            <Section title="Why here?">
              <ul className="flex flex-col gap-3 text-small">
                {speaks_for.map(({ column, value, here, there, share }) => (
                  <li key={column} className="flex flex-col gap-1">
                    <span className="flex justify-between gap-4">
                      <span className="font-strong [overflow-wrap:anywhere]">
                        {column}: {formatValue(value)}
                      </span>
                      <span className="tabular-nums">{formatShare(share)}</span>
                    </span>
                    <Bar share={share} />
                    <span className="text-soft">
                      Usual in this segment {formatValue(here)}, in the nearest other one {formatValue(there)}
                    </span>
                  </li>
                ))}
                {speaks_for.length === 0 ? <li className="text-soft">No column speaks clearly for this segment.</li> : null}
              </ul>
              {smallest_change ? (
                <p className="mt-4 text-small">
                  With {smallest_change.column} at {formatValue(smallest_change.to)} instead of {formatValue(smallest_change.from)}, the customer would be in {smallest_change.segment_name}.
                </p>
              ) : null}
            </Section>
            <Section title="How near is each segment?">
              <ul className="flex flex-col gap-3 text-small">
                {probabilities.map(({ segment, segment_name, probability }) => (
                  <li key={segment} className="flex flex-col gap-1">
                    <span className="flex justify-between gap-4">
                      <SegmentName wrap segment={segment} name={segment_name} />
                      <span className="tabular-nums">{probability === null ? '–' : formatShare(probability)}</span>
                    </span>
                    <Bar share={probability ?? 0} color={segmentVariable(segment)} />
                  </li>
                ))}
              </ul>
            </Section>
          </div>
          {history.length > 1 ? (
            <Section title="In each version">
              <ul className="flex flex-col divide-y divide-line text-small">
                {history.map(({ version: each, segment, segment_name }) => (
                  <li key={each} className="flex justify-between gap-4 py-2">
                    <span>Version {each}</span>
                    {segment_name === null ? <span className="text-soft">not in its table</span> : <SegmentName wrap segment={segment ?? -1} name={segment_name} />}
                  </li>
                ))}
              </ul>
            </Section>
          ) : null}
          <Section title="What is known of the customer">
            <dl className="grid grid-cols-1 gap-x-8 text-small md:grid-cols-2">
              {Object.entries(customer.values).map(([name, value]) => (
                <div key={name} className="flex justify-between gap-6 border-t border-line py-2">
                  <dt className="text-soft [overflow-wrap:anywhere]">{name}</dt>
                  <dd className="text-right [overflow-wrap:anywhere]">{formatValue(value)}</dd>
                </div>
              ))}
            </dl>
          </Section>
          <div>{list}</div>
        </>
      )}
    </Loaded>
  );
}

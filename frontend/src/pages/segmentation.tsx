import { Suspense } from 'react';
import { Outlet, useParams, useSearchParams } from 'react-router';
import { LinkButton, TextLink } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty, Loaded, Notice, Problem, SkeletonBlock } from '@/components/states';
import { useDataset } from '@/features/datasets';
import { MadeOfOrders } from '@/features/orders';
import { addressIn, readRef, SegmentationActions, SegmentationViews, TakeAway, useSegmentation, useSegmentationDrift, useVersion, type Opened, type Ref } from '@/features/segmentations';
import { wholeNumber } from '@/lib/address';
import { plural } from '@/lib/format';
import { isMissing } from '@/lib/http';
import { useNoteRecent } from '@/lib/recent';
import { hasRole, useAccount } from '@/lib/session';

/** What all pages of one segmentation share: its name, what was found, and the version that is looked at. */
export default function SegmentationPage() {
  const id = readRef(useParams().segmentation);
  const [address] = useSearchParams();
  const account = useAccount();
  const segmentation = useSegmentation(id);
  const active = segmentation.data?.active_version ?? null;
  const wanted = wholeNumber(address.get('version'), 1, 1e9);
  const other = wanted !== undefined && wanted !== active?.version ? wanted : undefined;
  const chosen = useVersion(id, other);
  const version = other === undefined ? active : chosen.data;
  const isGone = isMissing(segmentation.error);
  const isAnalyst = hasRole(account, 'analyst');
  const mayChange = segmentation.data?.is_owner === true && isAnalyst;
  // Those of the core's are in no table that was shared.
  const seesCustomers = segmentation.data?.kind !== 'core' || isAnalyst;
  useNoteRecent('segmentation', addressIn(id), isGone ? null : segmentation.data?.name);
  return (
    <Page
      title={segmentation.data?.name ?? (isGone ? 'Segmentation not found' : 'Segmentation')}
      lead={segmentation.data?.description ?? (version ? `${plural(version.n_segments, 'segment')} of ${plural(version.n_customers, 'customer')}` : undefined)}
      hasLink={segmentation.data !== undefined}
      actions={
        segmentation.data && version ? (
          <>
            <TakeAway id={id} segmentation={segmentation.data} version={version} hasCustomers={seesCustomers} />
            {segmentation.data.is_owner && segmentation.data.kind !== 'core' ? <SegmentationActions id={id} segmentation={segmentation.data} /> : null}
          </>
        ) : null
      }
    >
      <Loaded
        query={segmentation}
        skeleton={<SkeletonBlock height={560} />}
        onError={(error) =>
          isGone ? (
            <Empty icon="search" title="This segmentation does not exist" action={<LinkButton to="/segmentations">All segmentations</LinkButton>}>
              It may have been deleted, or it is not shared with you.
            </Empty>
          ) : (
            <Problem error={error} retry={() => void segmentation.refetch()} title="This segmentation could not be opened" />
          )
        }
      >
        {(data) => (
          <>
            <SegmentationViews id={id} version={other} hasCustomers={seesCustomers} />
            {seesCustomers ? <Changed id={id} /> : null}
            {mayChange && data.dataset_id !== null ? <OfOrders dataset={data.dataset_id} /> : null}
            {other !== undefined && chosen.data && active ? (
              <Notice>
                This is version {other}; version {active.version} is in use. <TextLink to={addressIn(id)}>See version {active.version}</TextLink>
              </Notice>
            ) : null}
            {version ? (
              <Suspense fallback={<SkeletonBlock height={420} />}>
                <Outlet context={{ segmentation: data, version, id, mayChange } satisfies Opened} />
              </Suspense>
            ) : other !== undefined ? (
              <Loaded
                query={chosen}
                skeleton={<SkeletonBlock height={420} />}
                onError={(error) =>
                  isMissing(error) ? (
                    <Empty icon="search" title="This version does not exist" action={<LinkButton to={addressIn(id, 'versions')}>All versions</LinkButton>}>
                      Versions are numbered from 1 in training order.
                    </Empty>
                  ) : null
                }
              >
                {() => null}
              </Loaded>
            ) : (
              <Empty icon="analyse" title="Nothing has been found yet">
                Its first version is not there yet, or its training failed.
              </Empty>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Where the table was made of orders: of which, and whether lines came since. */
function OfOrders({ dataset }: { dataset: number }) {
  const table = useDataset(dataset);
  return table.data?.source ? <MadeOfOrders dataset={dataset} source={table.data.source} /> : null;
}

/** Says that those placed lately are no longer like those it was trained on, where that is so. */
function Changed({ id }: { id: Ref }) {
  const drift = useSegmentationDrift(id);
  if (drift.data?.alarm !== true) return null;
  return (
    <Notice tone={drift.data.verdict === 'retrain' ? 'danger' : 'warn'}>
      <p role="status">
        {drift.data.sentence} <TextLink to={addressIn(id, 'versions')}>See what changed</TextLink>
      </p>
    </Notice>
  );
}

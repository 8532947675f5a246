import { useState } from 'react';
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useNavigate } from 'react-router';
import { Icon } from '@/components/icon';
import type { Place } from '@/app/places';
import { useDatasets } from '@/features/datasets';
import { useOrdersList } from '@/features/orders';
import { addressIn, refOf, useSegmentations } from '@/features/segmentations';
import { RECENT_ICONS } from '@/components/recent';
import { useRecent } from '@/lib/recent';
import { hasRole, useAccount } from '@/lib/session';

interface PaletteProps {
  places: readonly Place[];
  onClose: () => void;
}

/** Goes to anything by its name: pages, segmentations, tables, orders. */
export default function Palette({ places, onClose }: PaletteProps) {
  const isAnalyst = hasRole(useAccount(), 'analyst');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const segmentations = useSegmentations({ sort: 'last_used', limit: 100 });
  const last = segmentations.data?.rows.find(({ kind, active_version }) => kind === 'table' && active_version !== null);
  const tables = useDatasets();
  const orders = useOrdersList(isAnalyst);
  const recent = useRecent();
  const go = (to: string) => () => {
    onClose();
    void navigate(to);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.4)]" />
        <Dialog.Content aria-describedby={undefined} className="fixed inset-x-4 top-[12vh] z-50 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden rounded-card border border-line bg-surface shadow-raised focus:outline-none">
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          <Command label="Go to" className="flex min-h-0 flex-col">
            <div className="flex items-center gap-2 border-b border-line pl-4 text-soft">
              <Icon name="search" />
              <Command.Input value={typed} onValueChange={setTyped} placeholder="Go to a page, a segmentation or a table" className="min-h-12 w-full bg-transparent pr-4 text-body text-ink outline-none placeholder:text-soft" />
            </div>
            <Command.List className="min-h-0 overflow-y-auto p-2 text-small">
              <Command.Empty className="px-3 py-6 text-center text-soft">Nothing has this name.</Command.Empty>
              {wanted === '' && recent.length > 0 ? (
                <Group heading="Recent">
                  {recent.map(({ kind, to, title }) => (
                    <Item key={to} value={`recent ${to}`} keywords={[title]} onSelect={go(to)}>
                      <Icon name={RECENT_ICONS[kind]} />
                      <span className="truncate">{title}</span>
                    </Item>
                  ))}
                </Group>
              ) : null}
              <Group heading="Pages">
                {places.map(({ to, label, icon }) => (
                  <Item key={to} value={`page ${to}`} keywords={[label]} onSelect={go(to)}>
                    <Icon name={icon} />
                    {label}
                  </Item>
                ))}
              </Group>
              <Group heading="Segmentations">
                {segmentations.data?.rows.map((each) => (
                  <Item key={each.id} value={`segmentation ${each.id}`} keywords={[each.name, each.dataset_name ?? '']} onSelect={go(addressIn(refOf(each)))}>
                    <Icon name="analyse" />
                    <span className="truncate">{each.name}</span>
                  </Item>
                ))}
              </Group>
              <Group heading="Tables">
                {tables.data?.map(({ id, filename }) => (
                  <Item key={id} value={`table ${id}`} keywords={[filename]} onSelect={go(`/datasets/${id}`)}>
                    <Icon name="datasets" />
                    <span className="truncate">{filename}</span>
                  </Item>
                ))}
              </Group>
              <Group heading="Orders">
                {orders.data?.map(({ id, filename }) => (
                  <Item key={id} value={`orders ${id}`} keywords={[filename]} onSelect={go(`/orders/${id}`)}>
                    <Icon name="orders" />
                    <span className="truncate">{filename}</span>
                  </Item>
                ))}
              </Group>
              {last && wanted !== '' ? (
                <Group heading="Customers" forceMount>
                  <Item forceMount value={`customer ${wanted}`} onSelect={go(`${addressIn(last.id, 'customers')}?q=${encodeURIComponent(wanted)}`)}>
                    <Icon name="customers" />
                    <span className="truncate">
                      Find {wanted} among the customers of {last.name}
                    </span>
                  </Item>
                </Group>
              ) : null}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** One that is forced is shown whatever is typed. */
function Group({ heading, forceMount = false, children }: { heading: string; forceMount?: boolean; children: React.ReactNode }) {
  return (
    <Command.Group heading={heading} forceMount={forceMount} className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-soft">
      {children}
    </Command.Group>
  );
}

function Item(props: React.ComponentProps<typeof Command.Item>) {
  return <Command.Item {...props} className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-control px-3 data-[selected=true]:bg-sunken" />;
}

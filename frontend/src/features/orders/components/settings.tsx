import { useState } from 'react';
import { Select, TextField } from '@/components/field';
import type { Orders } from '../api/orders';
import { useOrdersCorrection } from './roles';

type Settings = Orders['settings'];

const RETURNS: Record<Settings['returns'], string> = {
  net: 'Subtract them from the money',
  separate: 'Show them apart from the money',
  ignore: 'Leave them out',
};
const SAID: Record<keyof Settings, string> = {
  returns: 'Returns are counted differently now',
  time_zone: 'Days are counted in this time zone',
  currency: 'Another currency counts now',
  date_order: 'Dates are read in this order',
};

/** How lines count: what the file cannot say. */
export function OrderSettings({ orders }: { orders: Orders }) {
  const { take, isPending } = useOrdersCorrection(orders);
  const { settings, ledger } = orders;
  const change = <Name extends keyof Settings>(name: Name, value: Settings[Name]): void => take({ [name]: value }, { [name]: settings[name] }, SAID[name]);
  const currencies = [...new Set([...(ledger?.currencies ?? []), ...(settings.currency === null ? [] : [settings.currency])])];
  const needsOrder = settings.date_order !== null || orders.problems.some(({ field }) => field === 'date_order');
  const [zone, setZone] = useState(settings.time_zone ?? '');
  const sendZone = (): void => {
    if (zone.trim() !== (settings.time_zone ?? '')) change('time_zone', zone.trim() === '' ? null : zone.trim());
  };
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {needsOrder ? (
        <Select
          wrap
          label="Dates such as 03/04/2026"
          error={orders.problems.find(({ field }) => field === 'date_order')?.message}
          disabled={isPending}
          value={settings.date_order ?? ''}
          onChange={(event) => change('date_order', event.target.value === '' ? null : (event.target.value as 'day_first' | 'month_first'))}
        >
          <option value="">Not known</option>
          <option value="day_first">Day first: 3 April</option>
          <option value="month_first">Month first: 4 March</option>
        </Select>
      ) : null}
      {currencies.length > 1 ? (
        <Select wrap label="Currency that counts" hint="Lines in another currency are left out" disabled={isPending} value={settings.currency ?? ''} onChange={(event) => change('currency', event.target.value === '' ? null : event.target.value)}>
          <option value="">Not chosen</option>
          {currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </Select>
      ) : null}
      <Select wrap label="Returns" hint="A return is never an order or a visit" disabled={isPending} value={settings.returns} onChange={(event) => change('returns', event.target.value as Settings['returns'])}>
        {Object.entries(RETURNS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <TextField
        label="Time zone of the shop"
        hint="Only where times are in UTC: days are then those of this zone"
        placeholder="Europe/Berlin"
        list="time-zones"
        disabled={isPending}
        value={zone}
        onChange={(event) => setZone(event.target.value)}
        onBlur={sendZone}
        onKeyDown={(event) => {
          if (event.key === 'Enter') sendZone();
        }}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name}>{name}</option>
        ))}
      </datalist>
    </div>
  );
}

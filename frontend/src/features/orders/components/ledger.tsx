import { useMemo } from 'react';
import { Figure } from '@/components/layout';
import { formatCalendarDay, formatCount, formatMoney, formatShare, plural } from '@/lib/format';
import type { Ledger as Book } from '../api/orders';
import { Bars } from './bars';

/** What each line of the files counted as, so that all of them are accounted for. */
export function Ledger({ ledger, currency }: { ledger: Book; currency: string | null }) {
  const [only = null, ...others] = ledger.currencies;
  const unit = currency ?? (others.length > 0 ? null : only);
  const mixed = currency === null && others.length > 0;
  const money = !mixed && ledger.entries.some(({ value }) => value !== null);
  const rows = useMemo(
    () => ledger.entries.map(({ meaning, counted, lines }) => ({ name: meaning, value: lines, text: `${formatCount(lines)} (${formatShare(lines / Math.max(1, ledger.lines))})`, isQuiet: !counted })),
    [ledger],
  );
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-4 md:grid-cols-4">
        <Figure label="Customers" value={formatCount(ledger.customers)} />
        <Figure label="Orders" value={formatCount(ledger.orders)} />
        <Figure label="Lines" value={formatCount(ledger.lines)} />
        {ledger.first_day !== null && ledger.last_day !== null ? <Figure label="Last order" value={formatCalendarDay(ledger.last_day)} note={`First ${formatCalendarDay(ledger.first_day)}`} /> : null}
      </dl>
      <Bars
        label="Lines of the files by what they count as"
        explanation="Each bar is a group of lines; together they are all lines of your files. Grey bars are left out."
        measure="Lines"
        rows={rows}
        data={() => ({ columns: ['lines that are', 'counted', 'lines', 'money'], rows: ledger.entries.map(({ meaning, counted, lines, value }) => [meaning, counted ? 'yes' : 'no', lines, value]) })}
        filename="ledger"
      />
      <table className="w-full text-small">
        <caption className="sr-only">What each line counted as</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="py-1.5 text-left font-normal">Lines that are</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal">Lines</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal max-md:hidden">Share</th>
            {money ? <th scope="col" className="py-1.5 pl-3 text-right font-normal">Money</th> : null}
          </tr>
        </thead>
        <tbody>
          {ledger.entries.map(({ state, counted, meaning, lines, value }) => (
            <tr key={state} className="border-t border-line">
              <th scope="row" className="py-2 text-left font-normal">
                {meaning}
                {counted ? null : <span className="text-soft"> (left out)</span>}
              </th>
              <td className="py-2 pl-3 text-right">{formatCount(lines)}</td>
              <td className="py-2 pl-3 text-right text-soft max-md:hidden">{formatShare(lines / Math.max(1, ledger.lines))}</td>
              {money ? <td className="py-2 pl-3 text-right whitespace-nowrap">{formatMoney(value, unit)}</td> : null}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-strong">
            <th scope="row" className="py-2 text-left font-strong">All lines of the files</th>
            <td className="py-2 pl-3 text-right">{formatCount(ledger.lines)}</td>
            <td className="py-2 pl-3 text-right font-normal text-soft max-md:hidden">100%</td>
            {money ? <td className="py-2 pl-3 text-right whitespace-nowrap">{formatMoney(ledger.value, unit)}</td> : null}
          </tr>
        </tfoot>
      </table>
      {ledger.duplicates > 0 ? <p className="text-small text-soft">{plural(ledger.duplicates, 'line')} {ledger.duplicates === 1 ? 'repeats' : 'repeat'} another line exactly and {ledger.duplicates === 1 ? 'is' : 'are'} counted.</p> : null}
    </div>
  );
}

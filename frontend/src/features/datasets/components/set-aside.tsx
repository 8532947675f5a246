import { useState } from 'react';
import { Button } from '@/components/button';
import { formatCount, plural } from '@/lib/format';
import type { Dataset } from '../api/datasets';
import { useCorrection } from './correction';

type Line = Dataset['dialect']['set_aside'][number];

const WHAT: Record<string, string> = {
  title: 'Title',
  comment: 'Comment',
  header: 'Header',
  labels: 'Explains the columns',
  units: 'Units',
  total: 'Total',
  note: 'Footnote',
  skipped: 'Left out by you',
};

const FOLDED = 6;

/** Lines of the file that are no rows of the table; each can be put back. */
export function SetAsideLines({ dataset }: { dataset: Dataset }) {
  const [all, setAll] = useState(false);
  const { take, isPending } = useCorrection(dataset);
  const { dialect, overrides } = dataset;
  const aside = dialect.set_aside;
  const blank = aside.filter(({ what }) => what === 'blank').length;
  const lines = aside.filter(({ what }) => what !== 'blank');
  const unit = dialect.delimiter === null ? 'Row' : 'Line';
  const isOwn = overrides.skip_rows != null || overrides.header_row != null;
  if (lines.length === 0 && !isOwn) return null;
  const others = ({ line }: Line): number[] => aside.filter((each) => each.line !== line).map((each) => each.line);
  const putBack = (line: Line): void => take({ skip_rows: others(line) }, `${unit} ${line.line} is back in the table`);
  return (
    <div className="flex flex-col gap-1 border-b border-line px-4 pb-3 text-small md:px-5" aria-busy={isPending}>
      {lines.length > 0 ? (
        <>
          <h3>{plural(lines.length, unit.toLowerCase())} of the file set aside</h3>
          <ul aria-label={`${unit}s set aside`} className="flex flex-col divide-y divide-line">
            {lines.slice(0, all ? undefined : FOLDED).map((line) => (
              <li key={line.line} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
                <span className="w-20 shrink-0 text-soft tabular-nums">{unit} {formatCount(line.line)}</span>
                <span className="w-36 shrink-0 text-soft">{WHAT[line.what] ?? line.what}</span>
                <span className="min-w-0 grow basis-60 [overflow-wrap:anywhere]">{line.text}</span>
                <span className="flex gap-2">
                  <Button look="quiet" disabled={isPending} aria-label={`Put ${unit.toLowerCase()} ${line.line} back`} onClick={() => putBack(line)}>
                    Put back
                  </Button>
                  {line.what === 'title' || line.what === 'header' || line.what === 'skipped' ? (
                    <Button look="quiet" disabled={isPending} aria-label={`Use ${unit.toLowerCase()} ${line.line} as column names`} onClick={() => take({ header_row: line.line }, `${unit} ${line.line} has the column names`)}>
                      Use as column names
                    </Button>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        {lines.length > FOLDED ? (
          <Button look="quiet" icon={all ? 'up' : 'down'} aria-expanded={all} className="-ml-3" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${formatCount(lines.length - FOLDED)} more`}
          </Button>
        ) : null}
        {blank > 0 ? <span className="text-soft">Also {plural(blank, `blank ${unit.toLowerCase()}`)}.</span> : null}
        {isOwn ? (
          <Button look="quiet" disabled={isPending} onClick={() => take({ skip_rows: null, header_row: null }, `${unit}s were detected again`)}>
            Detect these {unit.toLowerCase()}s again
          </Button>
        ) : null}
      </div>
    </div>
  );
}

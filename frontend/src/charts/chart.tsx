import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { EChartsOption } from 'echarts';
import { IconButton } from '@/components/button';
import { Menu, MenuItem } from '@/components/menu';
import { SkeletonBlock } from '@/components/states';
import { save } from '@/lib/client';
import { csvFile, type CsvTable } from '@/lib/csv';
import { fileNameOf, pageName } from '@/lib/file-name';
import { useTheme } from '@/lib/theme';
import { chartInk, type ChartInk } from './ink';
import type { Drawing } from './engine';

const Engine = lazy(() => import('./engine'));

export type ChartData = CsvTable;

interface ChartProps {
  /** What it shows, in one sentence; read out in place of the picture. */
  label: string;
  /** What am I looking at? One line under the picture. */
  explanation: string;
  height: number;
  build: (ink: ChartInk) => EChartsOption;
  data: () => ChartData;
  filename: string;
  /** Below this width it scrolls sideways, where it would be too small to read. */
  minWidth?: number;
  /** Opens what a mark is of; the table has a button in its row of the same place. */
  onPick?: (index: number) => void;
}

const SHOWN_ROWS = 200;

/** A chart with its explanation, its data as a table, and both to take away. */
export function Chart({ label, explanation, height, build, data, filename, minWidth, onPick }: ChartProps) {
  const theme = useTheme();
  const drawing = useRef<Drawing>(null);
  const [asTable, setAsTable] = useState(false);
  const ink = useMemo(() => chartInk(theme), [theme]);
  const option = useMemo(() => build(ink), [build, ink]);
  const savePng = async (): Promise<void> => {
    const picture = await drawing.current?.toPng();
    if (picture) save(picture, fileNameOf([pageName(), filename], 'png'));
  };
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      {asTable ? (
        <div style={{ maxHeight: Math.max(height, 240) }} className="overflow-auto" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          <DataTable data={data()} caption={label} onPick={onPick} />
        </div>
      ) : (
        <div className={minWidth === undefined ? '' : 'overflow-x-auto'} {...(minWidth === undefined ? {} : { tabIndex: 0, role: 'region', 'aria-label': label })}>
          <div style={{ height, minWidth }}>
            <Suspense fallback={<SkeletonBlock height={height} />}>
              <Engine ref={drawing} option={option} background={ink.surface} label={label} onPick={onPick} />
            </Suspense>
          </div>
        </div>
      )}
      <figcaption className="flex items-start justify-between gap-3 text-small text-soft">
        <span className="py-1.5">{explanation}</span>
        <Menu trigger={<IconButton icon="more" label={`More about this chart: ${label}`} className="-my-0.5 shrink-0" />}>
          <MenuItem onSelect={() => setAsTable(!asTable)}>{asTable ? 'Show as a chart' : 'Show as a table'}</MenuItem>
          {asTable ? null : <MenuItem onSelect={() => void savePng()}>Download picture (PNG)</MenuItem>}
          <MenuItem onSelect={() => save(csvFile(data()), fileNameOf([pageName(), filename], 'csv'))}>Download data (CSV)</MenuItem>
        </Menu>
      </figcaption>
    </figure>
  );
}

function DataTable({ data, caption, onPick }: { data: ChartData; caption: string; onPick?: ((index: number) => void) | undefined }) {
  return (
    <table className="w-full text-small">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {data.columns.map((column, index) => (
            <th key={column} scope="col" className={`sticky top-0 bg-surface px-2 py-1.5 text-soft ${index === 0 ? 'text-left' : 'text-right'}`}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.rows.slice(0, SHOWN_ROWS).map((row, index) => (
          <tr key={index} className="border-t border-line">
            {row.map((value, column) => (
              <td key={column} className={`px-2 py-1 ${column === 0 ? '' : 'text-right'}`}>
                {onPick && column === 0 ? (
                  <button type="button" className="text-accent underline decoration-accent/40 underline-offset-3 max-md:min-h-11" onClick={() => onPick(index)}>
                    {value}
                  </button>
                ) : typeof value === 'number' ? (
                  Math.round(value * 1000) / 1000
                ) : (
                  (value ?? '–')
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {data.rows.length > SHOWN_ROWS ? (
        <tfoot>
          <tr>
            <td colSpan={data.columns.length} className="px-2 py-2 text-soft">
              Showing the first {SHOWN_ROWS} of {data.rows.length} rows; the download has all of them.
            </td>
          </tr>
        </tfoot>
      ) : null}
    </table>
  );
}

import { useRef, type ReactNode } from 'react';
import { Button } from '@/components/button';
import { Icon } from '@/components/icon';
import { formatCount } from '@/lib/format';

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand right-aligned under each other. */
  number?: boolean;
  /** Left out on a narrow screen. */
  wideOnly?: boolean;
  sort?: (row: Row) => string | number;
  className?: string;
}

export interface Sorting {
  column: string;
  descending: boolean;
}

export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting | null): readonly Row[] {
  const key = columns.find((column) => column.id === sorting?.column)?.sort;
  if (!sorting || !key) return rows;
  const direction = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const order = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y);
    return direction * order;
  });
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  onOpen?: ((row: Row) => void) | undefined;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting) => void;
}

export function Table<Row>({ caption, columns, rows, rowKey, onOpen, sorting = null, onSort }: TableProps<Row>) {
  return (
    <div className="px-2">
    <table className="w-full border-collapse text-small">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => {
            const active = sorting?.column === column.id;
            return (
              <th
                key={column.id}
                scope="col"
                aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                className={`sticky top-0 z-10 border-b border-line bg-surface px-2 py-2 font-strong text-soft md:px-3 ${column.number ? 'text-right' : 'text-left'} ${column.wideOnly ? 'max-md:hidden' : ''} ${column.className ?? ''}`}
              >
                {onSort && column.sort ? (
                  <button
                    type="button"
                    className={`relative inline-flex items-center font-strong hover:text-ink max-md:-my-2 max-md:min-h-11 ${active ? 'text-ink' : ''}`}
                    onClick={() => onSort({ column: column.id, descending: active ? !sorting.descending : column.number === true })}
                  >
                    {column.title}
                    {/* Beside the title without taking room: titles stay above their figures. */}
                    {active ? (
                      <span className={`absolute ${column.number ? 'right-full' : 'left-full'}`}>
                        <Icon name={sorting.descending ? 'down' : 'up'} size={12} />
                      </span>
                    ) : null}
                  </button>
                ) : (
                  column.title
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            className={`border-b border-line last:border-b-0 hover:bg-sunken ${onOpen ? 'cursor-pointer' : ''}`}
            onClick={
              onOpen
                ? (event) => {
                    const target = event.target as HTMLElement;
                    // What a row opens elsewhere on the page, a menu or a question, tells it of its clicks too.
                    const within = event.currentTarget.contains(target);
                    if (within && !target.closest('button, a, input, label, select')) onOpen(row);
                  }
                : undefined
            }
          >
            {columns.map((column) => (
              <td
                key={column.id}
                className={`h-11 px-2 py-1.5 md:px-3 ${column.number ? 'text-right whitespace-nowrap' : ''} ${column.wideOnly ? 'max-md:hidden' : ''} ${column.className ?? ''}`}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    </div>
  );
}

interface PagerProps {
  skip: number;
  limit: number;
  total: number;
  onChange: (skip: number) => void;
}

export function Pager({ skip, limit, total, onChange }: PagerProps) {
  const pages = useRef<HTMLElement>(null);
  const turn = (next: number): void => {
    onChange(next);
    // A new page is read from its top.
    pages.current?.closest('section')?.scrollIntoView({ block: 'start' });
  };
  if (total <= limit && skip === 0) return null;
  return (
    <nav ref={pages} aria-label="Pages" className="flex items-center justify-between gap-4 border-t border-line px-4 py-2 text-small text-soft md:px-5">
      <span className="tabular-nums" aria-live="polite">
        {formatCount(Math.min(skip + 1, total))}–{formatCount(Math.min(skip + limit, total))} of {formatCount(total)}
      </span>
      <div className="flex gap-2">
        <Turn icon="left" word="Previous" isEnd={skip === 0} onTurn={() => turn(Math.max(0, skip - limit))} />
        <Turn icon="right" word="Next" className="flex-row-reverse" isEnd={skip + limit >= total} onTurn={() => turn(skip + limit)} />
      </div>
    </nav>
  );
}

/** At an end it is shut but keeps the focus: whoever turns pages by keyboard stays at the pager. */
function Turn({ icon, word, className = '', isEnd, onTurn }: { icon: 'left' | 'right'; word: string; className?: string; isEnd: boolean; onTurn: () => void }) {
  return (
    <Button icon={icon} aria-label={`${word} page`} aria-disabled={isEnd || undefined} className={`aria-disabled:cursor-not-allowed aria-disabled:opacity-55 ${className}`} onClick={isEnd ? undefined : onTurn}>
      {word}
    </Button>
  );
}

import { useState } from 'react';
import { Button } from '@/components/button';
import { Select, TextField } from '@/components/field';
import { Icon } from '@/components/icon';
import type { Segment } from '../api/segmentations';
import { needsValue, OF_NUMBERS, OF_TEXTS, OPERATORS, sayCondition, type Condition, type Operator } from './conditions';

interface FiltersProps {
  columns: readonly { name: string; isNumber: boolean }[];
  segments: readonly Segment[];
  segment: string;
  onSegment: (segment: string) => void;
  conditions: readonly Condition[];
  onConditions: (conditions: readonly Condition[]) => void;
}

/** Which customers are shown: those of a segment, and those that meet all conditions. */
export function CustomerFilters({ columns, segments, segment, onSegment, conditions, onConditions }: FiltersProps) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select label="Segment" value={segment} onChange={(event) => onSegment(event.target.value)}>
          <option value="">All segments</option>
          {segments.map(({ lasting_id, name }) => (
            <option key={lasting_id} value={lasting_id}>
              {name}
            </option>
          ))}
        </Select>
        <Button icon="plus" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          Add a filter
        </Button>
        {conditions.map((condition, index) => (
          <span key={index} className="inline-flex min-h-11 items-center gap-1 rounded-control bg-accent-soft pl-3 text-small md:min-h-9">
            <span className="max-w-64 truncate" title={sayCondition(condition)}>
              {sayCondition(condition)}
            </span>
            <button type="button" aria-label={`Remove: ${sayCondition(condition)}`} className="inline-flex size-11 items-center justify-center md:size-9" onClick={() => onConditions(conditions.filter((_, each) => each !== index))}>
              <Icon name="close" size={14} />
            </button>
          </span>
        ))}
      </div>
      {adding ? (
        <ConditionForm
          columns={columns}
          onDone={(condition) => {
            setAdding(false);
            onConditions([...conditions, condition]);
          }}
        />
      ) : null}
    </div>
  );
}

function ConditionForm({ columns, onDone }: { columns: FiltersProps['columns']; onDone: (condition: Condition) => void }) {
  const [column, setColumn] = useState(columns[0]?.name ?? '');
  const isNumber = columns.find(({ name }) => name === column)?.isNumber ?? false;
  const operators = isNumber ? OF_NUMBERS : OF_TEXTS;
  const [chosen, setChosen] = useState<Operator>(operators[0] ?? 'eq');
  const operator = operators.includes(chosen) ? chosen : (operators[0] ?? 'eq');
  const [value, setValue] = useState('');
  const [high, setHigh] = useState('');
  const number = (text: string): string => text.trim().replace(',', '.');
  const said = operator === 'between' ? `${number(value)}..${number(high)}` : isNumber ? number(value) : operator === 'in' ? value.split(',').map((each) => each.trim()).join(',') : value.trim();
  const isWhole = !needsValue(operator) || (operator === 'between' ? value.trim() !== '' && high.trim() !== '' : value.trim() !== '');
  return (
    <form
      aria-label="Add a filter"
      className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) onDone({ column, operator, value: said });
      }}
    >
      <Select label="Column" value={column} onChange={(event) => setColumn(event.target.value)}>
        {columns.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Select label="Condition" value={operator} onChange={(event) => setChosen(event.target.value as Operator)}>
        {operators.map((each) => (
          <option key={each} value={each}>
            {OPERATORS[each]}
          </option>
        ))}
      </Select>
      {needsValue(operator) ? <TextField label={operator === 'between' ? 'From' : 'Value'} hint={operator === 'in' ? 'Separated by commas' : undefined} inputMode={isNumber ? 'decimal' : 'text'} value={value} onChange={(event) => setValue(event.target.value)} /> : null}
      {operator === 'between' ? <TextField label="To" inputMode="decimal" value={high} onChange={(event) => setHigh(event.target.value)} /> : null}
      <Button type="submit" look="primary" disabled={!isWhole}>
        Filter customers
      </Button>
    </form>
  );
}

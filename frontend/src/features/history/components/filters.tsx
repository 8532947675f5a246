import { useState } from 'react';
import { Button } from '@/components/button';
import { Select, TextField } from '@/components/field';
import { useTypedAddress } from '@/lib/address';
import { contradictions, type useHistoryAddress } from './address';

interface FiltersProps {
  state: ReturnType<typeof useHistoryAddress>;
  segments: readonly { cluster_id: number; cluster_name: string }[];
}

export function Filters({ state, segments }: FiltersProps) {
  const { address, filter, change, clear } = state;
  const value = (name: string): string => address.get(name) ?? '';
  const set = (name: string) => (event: { target: { value: string } }) => change({ [name]: event.target.value });
  const [least, setLeast] = useTypedAddress(state, 'min');
  const [most, setMost] = useTypedAddress(state, 'max');
  const digits = (then: (text: string) => void) => (event: { target: { value: string } }) => {
    const { value: text } = event.target;
    if (/^\d{0,3}$/.test(text)) then(text);
  };
  // A date or a number that is half typed is no mistake yet.
  const [typing, setTyping] = useState(false);
  const whileTyping = { onFocus: () => setTyping(true), onBlur: () => setTyping(false) };
  const wrong = typing ? {} : contradictions(filter);
  const chosen = Object.keys(filter).length;
  // On a phone the answers come first: the filters are folded until they are asked for.
  const [unfolded, setUnfolded] = useState(chosen > 0);
  return (
    <div className="flex flex-col gap-3">
      <Button className="self-start md:hidden" icon={unfolded ? 'up' : 'down'} aria-expanded={unfolded} aria-controls="filters" onClick={() => setUnfolded(!unfolded)}>
        {chosen > 0 ? `Filters (${chosen})` : 'Filters'}
      </Button>
      <search id="filters" className={`grid grid-cols-2 items-start gap-3 ${unfolded ? '' : 'max-md:hidden'} md:grid-cols-[minmax(0,1.5fr)_repeat(4,minmax(0,1fr))_auto]`}>
        <Select label="Segment" fieldClass="max-md:col-span-2" value={value('segment')} onChange={set('segment')}>
          <option value="">All segments</option>
          {segments.map((segment) => (
            <option key={segment.cluster_id} value={segment.cluster_id}>
              {segment.cluster_name}
            </option>
          ))}
        </Select>
        <TextField label="From" type="date" value={value('from')} max={value('to') || undefined} onChange={set('from')} {...whileTyping} />
        <TextField label="To" type="date" value={value('to')} min={value('from') || undefined} onChange={set('to')} error={wrong.date_to} {...whileTyping} />
        <TextField label="Confidence from" inputMode="numeric" placeholder="0" value={least} onChange={digits(setLeast)} {...whileTyping} />
        <TextField label="Confidence to" inputMode="numeric" placeholder="100" value={most} onChange={digits(setMost)} error={wrong.max_confidence} {...whileTyping} />
        <Button look="quiet" onClick={clear} disabled={chosen === 0} className="max-md:col-span-2 md:mt-6">
          Clear filters
        </Button>
      </search>
    </div>
  );
}

import { useEffect, useRef } from 'react';
import { Button } from '@/components/button';
import { FormProblem, Select, TextField } from '@/components/field';
import { Explained } from '@/components/explained';
import { Bar, SegmentMark } from '@/components/segment';
import { Badge, Empty } from '@/components/states';
import { useKept } from '@/lib/form';
import { formatShare, likelihoodOf } from '@/lib/format';
import { ApiError, messageOf } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import type { PlaceField } from '../api/looking';
import type { Placement, usePlaceCustomer } from '../api/placing';
import { formatValue } from './values';

interface FormProps {
  /** What is typed is kept under this name while a session ends. */
  name: string;
  fields: readonly PlaceField[];
  place: ReturnType<typeof usePlaceCustomer>;
}

/** What is usual, so that a figure in another unit is noticed. */
function hintOf({ low, high, unit, typical }: PlaceField): string | undefined {
  if (low === null || high === null) return undefined;
  const after = unit === null || unit === '' ? '' : ` ${unit}`;
  return `${formatValue(low)} to ${formatValue(high)}${after}${typical === null ? '' : `, usually ${formatValue(typical)}`}`;
}

const NONE: Readonly<Record<string, string>> = {};

/** The columns of this very segmentation, to fill in for one customer. */
export function PlaceForm({ name, fields, place }: FormProps) {
  const [values, setValues] = useKept<Readonly<Record<string, string>>>(`place-${name}`, NONE, place.isSuccess);
  const set = (field: string, text: string): void => setValues({ ...values, [field]: text });
  const errors = place.error instanceof ApiError ? place.error.fields : {};
  const errorOf = (field: string): string | undefined => Object.entries(errors).find(([where]) => where === field || where.endsWith(`.${field}`))?.[1];
  const filled = fields.filter((field) => (values[field.name] ?? '').trim() !== '');
  const isOnField = fields.some((field) => errorOf(field.name) !== undefined);
  return (
    <form
      className="grid grid-cols-1 gap-4 min-[30rem]:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        place.mutate(Object.fromEntries(fields.map(({ name: column }) => [column, (values[column] ?? '').trim() || null])));
      }}
    >
      {fields.map((field, index) =>
        field.choices.length > 0 ? (
          <Select wrap key={field.name} label={field.name} error={errorOf(field.name)} value={values[field.name] ?? ''} onChange={(event) => set(field.name, event.target.value)}>
            <option value="">Not known</option>
            {field.choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </Select>
        ) : (
          <TextField
            key={field.name}
            // eslint-disable-next-line jsx-a11y/no-autofocus -- the question the page asks
            autoFocus={index === 0}
            label={field.name}
            hint={hintOf(field)}
            type={field.kind === 'date' ? 'date' : 'text'}
            inputMode={field.kind === 'number' ? 'decimal' : undefined}
            error={errorOf(field.name)}
            value={values[field.name] ?? ''}
            onChange={(event) => set(field.name, event.target.value)}
          />
        ),
      )}
      <div className="col-span-full flex flex-col gap-3">
        <p className="text-small text-soft">What you leave empty counts as not known.</p>
        <FormProblem>{place.error && !isOnField ? messageOf(place.error) : null}</FormProblem>
        <Button type="submit" look="primary" busy={place.isPending} disabled={filled.length === 0}>
          Place customer
        </Button>
      </div>
    </form>
  );
}

interface PlacedProps {
  placement: Placement | undefined;
}

/** Where the customer belongs, how likely that is, and the contract's confidence. */
export function Placed({ placement }: PlacedProps) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (placement) card.current?.scrollIntoView({ block: 'nearest' });
  }, [placement]);
  return (
    <div ref={card} aria-live="polite" className="scroll-mt-20 scroll-mb-24 md:scroll-mb-6">
      {placement === undefined ? (
        <Empty icon="dashboard" title="The result appears here">
          Fill in what you know of a customer; the segment comes with how likely it is.
        </Empty>
      ) : (
        <div className="flex flex-col gap-2">
          <p className="flex items-center gap-3 text-title font-strong [overflow-wrap:anywhere]" data-testid="segment">
            <SegmentMark segment={placement.lasting_id ?? -1} size={20} />
            {placement.segment_name}
          </p>
          {placement.confidence === null ? null : (
            <div className="flex items-center gap-3">
              <div className="max-w-72 grow">
                <Bar share={placement.confidence / 100} color={segmentVariable(placement.lasting_id ?? -1)} />
              </div>
              <span className="text-small tabular-nums">
                {placement.confidence}% confidence<Explained term="confidence" figure={`Confidence ${placement.confidence}%`} />
              </span>
            </div>
          )}
          <p>
            <span className="inline-block font-strong first-letter:uppercase">{likelihoodOf(placement)}</span>
            {placement.probability === null ? null : <Explained term="probability" figure={`Probability ${formatShare(placement.probability)}`} />}
          </p>
          {placement.outlier ? (
            <p>
              <Badge tone="warn">Unusual customer</Badge> <span className="text-small text-soft">Farther from every segment than almost all customers it was trained on.</span>
            </p>
          ) : null}
        </div>
      )}
    </div>
  );
}

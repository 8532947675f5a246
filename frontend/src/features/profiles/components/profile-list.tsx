import { useState } from 'react';
import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { Section } from '@/components/layout';
import { Menu, MenuItem } from '@/components/menu';
import { Bar, SegmentName } from '@/components/segment';
import { Empty } from '@/components/states';
import { sortRows, Table, type Column, type Sorting } from '@/components/table';
import { toast } from '@/components/toast';
import { NUMBER_FIELDS } from '@/lib/customer';
import { certaintyOf, formatAgo, formatIncome, formatNumber, formatTime, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import { useCreateProfile, useDeleteProfile, usePredictProfile, type Profile } from '../api/profiles';

interface ProfileListProps {
  profiles: readonly Profile[];
  onEdit: (profile: Profile) => void;
  onCreate: () => void;
}

/** What a prediction would miss, in words; empty where nothing is missing. */
function missingFrom(profile: Profile): string[] {
  const numbers = NUMBER_FIELDS.filter(({ name }) => profile[name] === null).map(({ label }) => label.toLowerCase());
  return profile.sex === null ? ['sex', ...numbers] : numbers;
}

export function ProfileList({ profiles, onEdit, onCreate }: ProfileListProps) {
  const [search, setSearch] = useState('');
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const predict = usePredictProfile();
  const remove = useDeleteProfile();
  const create = useCreateProfile();
  const failed = (error: Error): void => toast(messageOf(error), { tone: 'danger' });

  const deleteWithUndo = (profile: Profile): void => {
    const { name, sex, age, annual_income, spending_score, purchase_frequency, notes } = profile;
    // The server's answer says text where only these two words can be.
    const content = { name, sex: sex as 'Male' | 'Female' | null, age, annual_income, spending_score, purchase_frequency, notes };
    remove.mutate(profile.id, {
      onSuccess: () => toast(`${name} is deleted`, { undo: () => create.mutate(content, { onError: failed }) }),
      onError: failed,
    });
  };

  const columns: Column<Profile>[] = [
    {
      id: 'name',
      title: 'Name',
      className: 'max-w-0 w-2/5 max-md:w-full',
      sort: (row) => row.name.toLowerCase(),
      cell: (row) => (
        <div className="flex min-w-0 flex-col">
          <button type="button" className="truncate text-left font-strong hover:underline max-md:min-h-11" title={row.name} onClick={() => onEdit(row)}>
            {row.name}
          </button>
          {row.notes ? (
            <span className="truncate text-soft" title={row.notes}>
              {row.notes}
            </span>
          ) : null}
        </div>
      ),
    },
    { id: 'sex', title: 'Sex', wideOnly: true, cell: (row) => row.sex ?? '–' },
    { id: 'age', title: 'Age', number: true, wideOnly: true, sort: (row) => row.age ?? -1, cell: (row) => formatNumber(row.age) },
    { id: 'income', title: 'Income', number: true, wideOnly: true, sort: (row) => row.annual_income ?? -1, cell: (row) => formatIncome(row.annual_income) },
    { id: 'score', title: 'Score', number: true, wideOnly: true, sort: (row) => row.spending_score ?? -1, cell: (row) => formatNumber(row.spending_score) },
    { id: 'frequency', title: 'Purchases', number: true, wideOnly: true, sort: (row) => row.purchase_frequency ?? -1, cell: (row) => formatNumber(row.purchase_frequency) },
    {
      id: 'changed',
      title: 'Changed',
      wideOnly: true,
      sort: (row) => row.updated_at,
      cell: (row) => (
        <time dateTime={row.updated_at} title={formatTime(row.updated_at)} className="whitespace-nowrap text-soft">
          {formatAgo(row.updated_at)}
        </time>
      ),
    },
    {
      id: 'actions',
      title: '',
      cell: (row) => {
        const missing = missingFrom(row);
        return (
          <div className="flex items-center justify-end gap-1">
            <Button
              disabled={missing.length > 0}
              title={missing.length > 0 ? `Fill in first: ${missing.join(', ')}` : undefined}
              busy={predict.isPending && predict.variables === row.id}
              onClick={() => predict.mutate(row.id, { onError: failed })}
              aria-label={`Predict ${row.name}`}
            >
              Predict
            </Button>
            <Menu trigger={<IconButton icon="more" label={`More for ${row.name}`} />}>
              <MenuItem onSelect={() => onEdit(row)}>Edit</MenuItem>
              <MenuItem danger onSelect={() => deleteWithUndo(row)}>
                Delete
              </MenuItem>
            </Menu>
          </div>
        );
      },
    },
  ];

  if (profiles.length === 0) {
    return (
      <Section title="Saved customers" flush>
        <Empty
          icon="customers"
          title="No customers yet"
          action={
            <>
              <Button look="primary" icon="plus" onClick={onCreate}>
                Save a customer
              </Button>
              <Button
                busy={create.isPending}
                onClick={() =>
                  create.mutate(
                    { name: 'Example customer', sex: 'Female', age: 34, annual_income: 65.5, spending_score: 72, purchase_frequency: 18, notes: 'An example to try things with' },
                    { onError: failed },
                  )
                }
              >
                Load an example
              </Button>
            </>
          }
        >
          Customers that you save here can be placed in a segment again and again, with one click.
        </Empty>
      </Section>
    );
  }

  const wanted = search.trim().toLowerCase();
  const found = profiles.filter(({ name, notes }) => `${name} ${notes ?? ''}`.toLowerCase().includes(wanted));
  const result = predict.data;
  const predicted = profiles.find(({ id }) => id === predict.variables);
  return (
    <>
      <TextField label="Search" type="search" fieldClass="max-w-sm" placeholder="Name or notes" value={search} onChange={(event) => setSearch(event.target.value)} />
      <Section title={wanted ? `${plural(found.length, 'customer')} found` : plural(profiles.length, 'saved customer')} flush>
        {found.length > 0 ? (
          <Table caption="Saved customers" columns={columns} rows={sortRows(found, columns, sorting)} rowKey={(row) => row.id} sorting={sorting} onSort={setSorting} />
        ) : (
          <Empty icon="search" title="Nothing found" action={<Button onClick={() => setSearch('')}>Clear the search</Button>}>
            No name and no note contains “{search.trim()}”.
          </Empty>
        )}
      </Section>
      {result && predicted ? (
        <Dialog title={predicted.name} onClose={predict.reset}>
          <div className="flex flex-col gap-2" aria-live="polite">
            <p className="text-title font-strong">
              <SegmentName segment={result.cluster} name={result.cluster_name} />
            </p>
            <Bar share={result.confidence / 100} color={segmentVariable(result.cluster)} />
            <p className="text-soft">
              {result.confidence}% confidence, {certaintyOf(result.confidence)}.{result.outlier ? ' An unusual customer: far from every segment.' : ''}
            </p>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

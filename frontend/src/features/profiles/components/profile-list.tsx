import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { ListingView, timeColumn, useListing } from '@/components/listing';
import { Menu, MenuItem } from '@/components/menu';
import { Bar, SegmentName } from '@/components/segment';
import { Empty } from '@/components/states';
import type { Column } from '@/components/table';
import { toast } from '@/components/toast';
import { NUMBER_FIELDS } from '@/lib/customer';
import { formatIncome, formatNumber, likelihoodOf } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import { useCreateProfile, useDeleteProfile, usePredictProfile, useProfiles, type Profile, type ProfileFilter } from '../api/profiles';

type Sort = NonNullable<ProfileFilter['sort']>;

interface ProfileListProps {
  onEdit: (profile: Profile) => void;
  onCreate: () => void;
}

const SORTS = ['name', 'age', 'annual_income', 'spending_score', 'purchase_frequency', 'updated_at'] satisfies Sort[];

/** What a prediction would miss, in words; empty where nothing is missing. */
function missingFrom(profile: Profile): string[] {
  const numbers = NUMBER_FIELDS.filter(({ name }) => profile[name] === null).map(({ label }) => label.toLowerCase());
  return profile.sex === null ? ['sex', ...numbers] : numbers;
}

export function ProfileList({ onEdit, onCreate }: ProfileListProps) {
  const listing = useListing(SORTS);
  const { skip, size, search, order, turnTo } = listing;
  const query = useProfiles({ skip, limit: size, ...(search ? { search } : {}), ...order });
  const predict = usePredictProfile();
  const remove = useDeleteProfile();
  const create = useCreateProfile();
  const failed = (error: Error): void => toast(messageOf(error), { tone: 'danger' });

  const deleteWithUndo = (profile: Profile): void => {
    const { name, sex, age, annual_income, spending_score, purchase_frequency, notes } = profile;
    // The server's answer says text where only these two words can be.
    const content = { name, sex: sex as 'Male' | 'Female' | null, age, annual_income, spending_score, purchase_frequency, notes };
    remove.mutate(profile.id, {
      onSuccess: () => {
        if (query.data?.rows.length === 1) turnTo(Math.max(0, skip - size));
        toast(`${name} is deleted`, { undo: () => void create.mutateAsync(content).catch(failed) });
      },
      onError: failed,
    });
  };

  const columns: Column<Profile>[] = [
    {
      id: 'name',
      title: 'Name',
      className: 'max-w-0 w-full',
      sort: (row) => row.name,
      cell: (row) => {
        const missing = missingFrom(row);
        const below = [missing.length > 0 ? `Missing: ${missing.join(', ')}` : '', row.notes ?? ''].filter(Boolean).join(' · ');
        return (
          <div className="flex min-w-0 flex-col max-md:py-1">
            <button type="button" className="text-left hover:underline max-md:flex max-md:min-h-11 max-md:items-center" onClick={() => onEdit(row)}>
              <span className="line-clamp-2 font-strong break-words max-md:line-clamp-4" title={row.name}>
                {row.name}
              </span>
            </button>
            {below ? (
              <span className="truncate text-soft" title={below}>
                {below}
              </span>
            ) : null}
          </div>
        );
      },
    },
    { id: 'sex', title: 'Sex', wideOnly: true, cell: (row) => row.sex ?? '–' },
    { id: 'age', title: 'Age', number: true, wideOnly: true, sort: (row) => row.age ?? -1, cell: (row) => formatNumber(row.age) },
    { id: 'annual_income', title: 'Income', number: true, wideOnly: true, sort: (row) => row.annual_income ?? -1, cell: (row) => formatIncome(row.annual_income) },
    { id: 'spending_score', title: 'Score', number: true, wideOnly: true, sort: (row) => row.spending_score ?? -1, cell: (row) => formatNumber(row.spending_score) },
    { id: 'purchase_frequency', title: 'Purchases', number: true, wideOnly: true, sort: (row) => row.purchase_frequency ?? -1, cell: (row) => formatNumber(row.purchase_frequency) },
    timeColumn('updated_at', 'Updated', (row) => row.updated_at),
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

  const result = predict.data;
  const predicted = query.data?.rows.find(({ id }) => id === predict.variables);
  return (
    <>
      <ListingView
        listing={listing}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        title="Saved customers"
        noun={search ? 'customer' : 'saved customer'}
        searched="Name or notes"
        empty={
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
                      { name: 'Example customer', sex: 'Female', age: 34, annual_income: 65.5, spending_score: 72, purchase_frequency: 18, notes: 'An example to try things out' },
                      { onError: failed },
                    )
                  }
                >
                  Load an example
                </Button>
              </>
            }
          >
            Save customers here to place them in a segment with one click, as often as you need.
          </Empty>
        }
      />
      {result && predicted ? (
        <Dialog title={predicted.name} onClose={predict.reset}>
          <div className="flex flex-col gap-2" aria-live="polite">
            <p className="text-title font-strong">
              <SegmentName wrap segment={result.cluster} name={result.cluster_name} />
            </p>
            <Bar share={result.confidence / 100} color={segmentVariable(result.cluster)} />
            <p className="text-soft">
              {result.confidence}% confidence, {likelihoodOf(result)}.{result.outlier ? ' An unusual customer: far from every segment.' : ''}
            </p>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

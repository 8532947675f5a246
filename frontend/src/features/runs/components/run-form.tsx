import type { ReactNode } from 'react';
import { Button } from '@/components/button';
import { FormProblem, Select, TextField } from '@/components/field';
import { useKept } from '@/lib/form';
import { ApiError, isRefusedFor, messageOf } from '@/lib/http';
import { isJob, useTrainRun, type RunRequest } from '../api/runs';
import { TRANSFORMS } from './words';

type Option = 'algorithm' | 'linkage' | 'transform' | 'use_pca' | 'pca_components' | 'validate';
type Settings = { [Name in Option]: NonNullable<RunRequest[Name]> } & { n_clusters: number | 'auto' };

/** What is set, which columns are chosen where not all are, and whether the rarer settings are open. */
interface Values {
  settings: Settings;
  chosen: readonly string[] | null;
  more: boolean;
}

const HELP = {
  auto: 'Prepares the columns, tries several methods and takes the best-scoring one. A good first choice.',
  hierarchical: 'Joins the most similar customers step by step into a tree, which can be cut into any number of segments.',
  kmeans: 'Finds round groups of similar size around their averages. Fast on large tables.',
  dbscan: 'Finds dense groups of any shape and leaves out customers in sparse areas.',
  hdbscan: 'Like DBSCAN, for groups of varying density.',
} as const;

/** What the server may refuse and the form has folded away. */
const FOLDED = ['algorithm', 'n_clusters', 'linkage', 'pca_components', 'columns'] as const;

const LINKAGES = [
  ['ward', 'Ward: compact groups of similar size'],
  ['complete', 'Complete: no two members far apart'],
  ['average', 'Average: in between'],
  ['single', 'Single: long chains; sensitive to outliers'],
] as const;

const START: Values = {
  settings: { algorithm: 'auto', linkage: 'ward', n_clusters: 'auto', transform: 'auto', use_pca: false, pca_components: 2, validate: true },
  chosen: null,
  more: false,
};

interface RunFormProps {
  dataset: number;
  usable: readonly string[];
  /** What groups the rows by customer, offered where they are not customers. */
  grouping: ReactNode;
  onStarted: (job: number) => void;
  onFinished: (run: number) => void;
}

export function RunForm({ dataset, usable, grouping, onStarted, onFinished }: RunFormProps) {
  const train = useTrainRun();
  const [values, setValues] = useKept(`run-${dataset}`, START, train.isSuccess);
  const { settings, chosen, more } = values;
  const change = (changes: Partial<Settings>): void => setValues({ ...values, settings: { ...settings, ...changes } });
  const { algorithm } = settings;
  const counted = algorithm === 'auto' || algorithm === 'hierarchical' || algorithm === 'kmeans';
  const columns = chosen?.filter((name) => usable.includes(name)) ?? usable;
  const areNotCustomers = isRefusedFor(train.error, 'rows_are_not_customers');
  const fields = train.error instanceof ApiError ? train.error.fields : {};
  const isAtFault = FOLDED.some((name) => name in fields);
  const start = (answers: Pick<RunRequest, 'one_row_is'> = {}): void => {
    const { n_clusters, ...rest } = settings;
    train.mutate(
      { dataset_id: dataset, categorical_limit: 20, ...rest, ...answers, n_clusters: counted ? n_clusters : null, ...(chosen === null ? {} : { columns: [...columns] }) },
      { onSuccess: (answer) => (isJob(answer) ? onStarted(answer.id) : onFinished(answer.run_id)) },
    );
  };
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <FormProblem>{train.error ? messageOf(train.error) : null}</FormProblem>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look={areNotCustomers ? 'plain' : 'primary'} busy={train.isPending} disabled={columns.length === 0}>
          Find segments
        </Button>
        {areNotCustomers ? (
          <>
            {grouping}
            <Button onClick={() => start({ one_row_is: 'customer' })}>Each row is a customer</Button>
          </>
        ) : null}
      </div>
      <details open={more || isAtFault} onToggle={(event) => setValues({ ...values, more: event.currentTarget.open })}>
        <summary className="min-h-11 py-2 text-small font-strong">Settings, and which columns to use</summary>
        <div className="flex flex-col gap-5 pt-2">
          <div className="grid grid-cols-1 gap-4 md:grid-cols-3">
            <Select wrap label="Method" hint={HELP[algorithm]} error={fields.algorithm} value={algorithm} onChange={(event) => change({ algorithm: event.target.value as Settings['algorithm'] })}>
              <option value="auto">Automatic</option>
              <option value="hierarchical">Hierarchical (tree)</option>
              <option value="kmeans">K-Means</option>
              <option value="dbscan">DBSCAN</option>
              <option value="hdbscan">HDBSCAN</option>
            </Select>
            {counted ? (
              <Select
                wrap
                label="Number of segments"
                hint="Automatic picks the best-scoring valid number of segments"
                error={fields.n_clusters}
                value={settings.n_clusters}
                onChange={(event) => change({ n_clusters: event.target.value === 'auto' ? 'auto' : Number(event.target.value) })}
              >
                <option value="auto">Automatic</option>
                {Array.from({ length: 14 }, (_, index) => (
                  <option key={index}>{index + 2}</option>
                ))}
              </Select>
            ) : null}
            <Select
              wrap
              label="Skewed numbers"
              hint="A few very large values would otherwise dominate"
              value={settings.transform}
              onChange={(event) => change({ transform: event.target.value as Settings['transform'] })}
            >
              {Object.entries(TRANSFORMS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
            {algorithm === 'hierarchical' ? (
              <Select wrap label="How groups are joined" error={fields.linkage} value={settings.linkage} onChange={(event) => change({ linkage: event.target.value as Settings['linkage'] })}>
                {LINKAGES.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            ) : null}
            <Select
              wrap
              label="Many columns"
              hint="Principal components combine columns that carry the same information"
              value={settings.use_pca ? 'yes' : 'no'}
              onChange={(event) => change({ use_pca: event.target.value === 'yes' })}
            >
              <option value="no">Use them as they are</option>
              <option value="yes">Reduce them first (PCA)</option>
            </Select>
            <Select
              wrap
              label="Check whether they are real"
              hint="Repeats the clustering on many samples of the customers"
              value={settings.validate ? 'yes' : 'no'}
              onChange={(event) => change({ validate: event.target.value === 'yes' })}
            >
              <option value="yes">Yes</option>
              <option value="no">No (faster)</option>
            </Select>
            {settings.use_pca ? (
              <TextField
                label="Components"
                type="number"
                min={2}
                max={10000}
                error={fields.pca_components}
                value={settings.pca_components}
                onChange={(event) => change({ pca_components: Math.max(2, Number(event.target.value) || 2) })}
              />
            ) : null}
          </div>
          <fieldset>
            <legend className="text-small font-strong">Columns to cluster on</legend>
            <div className="mt-2 grid grid-cols-1 gap-x-6 sm:grid-cols-2 lg:grid-cols-3">
              {usable.map((name) => (
                <label key={name} className="flex min-h-11 min-w-0 items-center gap-2 text-small md:min-h-8">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    checked={columns.includes(name)}
                    onChange={(event) => setValues({ ...values, chosen: event.target.checked ? usable.filter((each) => each === name || columns.includes(each)) : columns.filter((each) => each !== name) })}
                  />
                  <span className="truncate" title={name}>
                    {name}
                  </span>
                </label>
              ))}
            </div>
            {fields.columns ? <p className="text-small text-danger">{fields.columns}</p> : null}
          </fieldset>
        </div>
      </details>
    </form>
  );
}

import { useState } from 'react';
import { Button } from '@/components/button';
import { FormProblem, Select } from '@/components/field';
import { useKept } from '@/lib/form';
import { isRefusedFor, messageOf } from '@/lib/http';
import { useAnalyse, type AnalysisRequest } from '../api/analyse';
import { readRecords } from './records';

type Options = NonNullable<AnalysisRequest['options']>;
interface Settings {
  algorithm: NonNullable<Options['algorithm']>;
  nClusters: number | null;
}
const AUTOMATIC: Settings = { algorithm: 'auto', nClusters: null };

export const TEXT_FILES = '.csv,.tsv,.txt,.dat,.json';
const isText = ({ name, type }: File): boolean => TEXT_FILES.split(',').some((ending) => name.toLowerCase().endsWith(ending)) || type.startsWith('text/') || type === 'application/json';

/** The file's text, by the encoding that it can have. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Analyses files of records without making tables of them, for those who may not, or for JSON. */
export function useRecordsDoor(onAnswered: (id: string) => void) {
  const analyse = useAnalyse();
  const [settings, setSettings] = useKept('records', AUTOMATIC);
  const [refused, setRefused] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const send = async (next: File, answers: Pick<Options, 'oneRowIs'> = {}): Promise<void> => {
    setFile(next);
    analyse.reset();
    if (!isText(next)) {
      setRefused(`${next.name} cannot be read here. Open it in your spreadsheet program, copy its cells and paste them on this page, or save it as CSV.`);
      return;
    }
    try {
      const customerData = readRecords(await textOf(next));
      setRefused(null);
      const options: Options = { exclude: [], transform: 'auto', seed: 42, validate: true, ...settings, ...answers };
      analyse.mutate({ body: { customerData, options }, file: next }, { onSuccess: onAnswered });
    } catch (error) {
      setRefused(messageOf(error));
    }
  };
  return { take: (next: File) => void send(next), again: (answers: Pick<Options, 'oneRowIs'>) => void (file && send(file, answers)), isPending: analyse.isPending, file, refused, error: analyse.error, settings, setSettings };
}

type Door = ReturnType<typeof useRecordsDoor>;

/** What was wrong with the records, and the way on. */
export function RecordsProblem({ door: { refused, error, again } }: { door: Door }) {
  const areTooMany = isRefusedFor(error, 'too_many_records');
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      <FormProblem>{refused ?? (areTooMany ? 'These are more rows than can be analysed here. Try a part of them, or ask an administrator for the role analyst, which may upload large tables.' : error ? messageOf(error) : null)}</FormProblem>
      {isRefusedFor(error, 'rows_are_not_customers') ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-small">
          <Button onClick={() => again({ oneRowIs: 'customer' })}>Each row is a customer</Button>
          <span className="text-soft">If these are orders, the role analyst can group them to customers; an administrator can give it to you.</span>
        </div>
      ) : null}
    </div>
  );
}

const METHODS = { auto: 'Automatic: try suitable methods and keep the best', kmeans: 'K-Means', hierarchical: 'Hierarchical', dbscan: 'DBSCAN' } as const;

/** For those who know how they want their segments made. */
export function RecordsSettings({ door: { settings, setSettings } }: { door: Door }) {
  const { algorithm, nClusters } = settings;
  return (
    <details className="text-small">
      <summary className="min-h-11 py-2 font-strong">Settings</summary>
      <div className="grid grid-cols-1 gap-4 pt-2 sm:grid-cols-2">
        <Select wrap label="Method" value={algorithm} onChange={(event) => setSettings({ ...settings, algorithm: event.target.value as keyof typeof METHODS, ...(event.target.value === 'dbscan' ? { nClusters: null } : {}) })}>
          {Object.entries(METHODS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select wrap label="Number of segments" value={nClusters ?? ''} disabled={algorithm === 'dbscan'} onChange={(event) => setSettings({ ...settings, nClusters: event.target.value === '' ? null : Number(event.target.value) })}>
          <option value="">Automatic</option>
          {Array.from({ length: 14 }, (_, index) => (
            <option key={index}>{index + 2}</option>
          ))}
        </Select>
      </div>
    </details>
  );
}

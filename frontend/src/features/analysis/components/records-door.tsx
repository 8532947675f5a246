import { useState } from 'react';
import { Button } from '@/components/button';
import { FormProblem } from '@/components/field';
import { isRefusedFor, messageOf } from '@/lib/http';
import { useAnalyse, type AnalysisRequest } from '../api/analyse';
import { readRecords } from './records';

type Answers = Pick<NonNullable<AnalysisRequest['options']>, 'oneRowIs'>;

/** Analyses records of JSON, which is no table, and keeps what is found. */
export function useRecordsDoor(onAnswered: (id: string) => void) {
  const analyse = useAnalyse();
  const [refused, setRefused] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const send = async (next: File, answers: Answers = {}): Promise<void> => {
    setFile(next);
    analyse.reset();
    try {
      const customerData = readRecords(await next.text());
      setRefused(null);
      const options: AnalysisRequest['options'] = { algorithm: 'auto', exclude: [], transform: 'auto', seed: 42, validate: true, ...answers };
      analyse.mutate({ body: { customerData, options }, file: next }, { onSuccess: onAnswered });
    } catch (error) {
      setRefused(messageOf(error));
    }
  };
  return { take: (next: File) => void send(next), again: (answers: Answers) => void (file && send(file, answers)), isPending: analyse.isPending, refused, error: analyse.error };
}

type Door = ReturnType<typeof useRecordsDoor>;

/** What was wrong with the records, and the way on. */
export function RecordsProblem({ door: { refused, error, again } }: { door: Door }) {
  const areTooMany = isRefusedFor(error, 'too_many_records');
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      <FormProblem>{refused ?? (areTooMany ? 'These are more records than can be analysed at once. Try a part of them, or bring them as CSV, Excel or Parquet.' : error ? messageOf(error) : null)}</FormProblem>
      {isRefusedFor(error, 'rows_are_not_customers') ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-small">
          <Button onClick={() => again({ oneRowIs: 'customer' })}>Each row is a customer</Button>
          <span className="text-soft">If these are orders, bring them as CSV, Excel or Parquet: they can be grouped to customers.</span>
        </div>
      ) : null}
    </div>
  );
}

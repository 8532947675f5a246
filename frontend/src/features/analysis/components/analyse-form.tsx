import { useEffect, useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { FormProblem, Select, TextArea } from '@/components/field';
import { plural } from '@/lib/format';
import { useStart } from '@/lib/form';
import { isRefusedFor, messageOf } from '@/lib/http';
import { drafts, hasRole, useAccount } from '@/lib/session';
import type { AnalysisRequest } from '../api/analyse';
import { exampleRecords } from './example';
import { readRecords } from './records';

type Algorithm = NonNullable<NonNullable<AnalysisRequest['options']>['algorithm']>;
const DRAFT = 'analyse';

interface Values {
  text: string;
  algorithm: Algorithm;
  count: string;
}

const EMPTY: Values = { text: '', algorithm: 'auto', count: '' };

export function AnalyseForm({ busy, problem, onSubmit }: { busy: boolean; problem: unknown; onSubmit: (request: AnalysisRequest) => void }) {
  const start = useStart(DRAFT, EMPTY);
  const [values, setValues] = useState(start);
  const { text, algorithm, count } = values;
  const change = (changes: Partial<Values>): void => setValues((before) => ({ ...before, ...changes }));
  useEffect(() => drafts.save(DRAFT, values), [values]);
  const [refused, setRefused] = useState<string>();
  const areNotCustomers = isRefusedFor(problem, 'rows_are_not_customers');
  const mayUpload = hasRole(useAccount(), 'analyst');
  const submit = (oneRowIs: 'customer' | null = null): void => {
    try {
      const customerData = readRecords(text);
      setRefused(undefined);
      onSubmit({ customerData, options: { algorithm, nClusters: count === '' ? null : Number(count), exclude: [], transform: 'auto', seed: 42, validate: true, ...(oneRowIs === null ? {} : { oneRowIs }) } });
    } catch (error) {
      setRefused(messageOf(error));
    }
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const file = event.dataTransfer.files[0];
        if (!file) return;
        event.preventDefault();
        void file.text().then((content) => change({ text: content }));
      }}
    >
      <TextArea
        label="Customers"
        rows={8}
        spellCheck={false}
        className="font-mono text-small!"
        hint="Paste a table from a spreadsheet, CSV or JSON, or drop a file here. The first row must contain the column names."
        error={refused}
        value={text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Select wrap label="Method" value={algorithm} onChange={(event) => change({ algorithm: event.target.value as Algorithm })}>
          <option value="auto">Automatic: try suitable methods and keep the best</option>
          <option value="kmeans">K-Means</option>
          <option value="hierarchical">Hierarchical</option>
          <option value="dbscan">DBSCAN</option>
        </Select>
        <Select wrap label="Number of segments" value={count} disabled={algorithm === 'dbscan'} onChange={(event) => change({ count: event.target.value })}>
          <option value="">Automatic</option>
          {Array.from({ length: 14 }, (_, index) => (
            <option key={index}>{index + 2}</option>
          ))}
        </Select>
      </div>
      <FormProblem>{problem ? messageOf(problem) : null}</FormProblem>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" busy={busy} disabled={text.trim() === ''}>
          Analyse customers
        </Button>
        {areNotCustomers ? (
          <>
            {mayUpload ? <LinkButton to="/orders">Group orders to customers</LinkButton> : null}
            <Button onClick={() => submit('customer')}>Each row is a customer</Button>
          </>
        ) : null}
        <Button look="quiet" onClick={() => change({ text: exampleRecords() })}>
          Load an example
        </Button>
        {busy ? (
          <p role="status" className="text-small text-soft">
            Finding segments and checking whether they are real, in {plural(text.trim().split('\n').length - 1, 'row')}
          </p>
        ) : null}
      </div>
    </form>
  );
}

import { useState } from 'react';
import { Button, buttonStyle } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { API_URL } from '@/lib/client';

const EXAMPLES = [
  {
    title: '1. Sign in and keep the token',
    text: 'A token lasts half an hour unless the server is set otherwise.',
    code: `TOKEN=$(curl -s ${API_URL}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"username": "testuser", "password": "test123"}' \\
  | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')`,
  },
  {
    title: '2. Place a customer in a segment',
    text: 'Income is in thousands. The answer has the segment, its name and the confidence.',
    code: `curl -s ${API_URL}/predict \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"sex": "Female", "age": 34, "annual_income": 65.5, "spending_score": 72, "purchase_frequency": 18}'`,
  },
  {
    title: '3. Describe the segments',
    text: 'Sizes and averages of every segment of the model in use.',
    code: `curl -s ${API_URL}/clusters -H "Authorization: Bearer $TOKEN"`,
  },
  {
    title: '4. Read back what was predicted',
    text: 'Filters: cluster, min_confidence, max_confidence, date_from, date_to; pages by skip and limit.',
    code: `curl -s '${API_URL}/history?min_confidence=60&limit=10' -H "Authorization: Bearer $TOKEN"`,
  },
] as const;

export default function DocumentationPage() {
  return (
    <Page
      title="Documentation"
      lead="Everything this app does, a program can do too."
      actions={
        <>
          <a className={buttonStyle('primary')} href={`${API_URL}/docs`}>
            Try it in the browser
          </a>
          <a className={buttonStyle()} href={`${API_URL}/redoc`}>
            Full reference
          </a>
        </>
      }
      narrow
    >
      {EXAMPLES.map((example) => (
        <Section key={example.title} title={example.title} note={example.text} actions={<Copy text={example.code} />}>
          <pre className="rounded-control bg-sunken p-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
            {example.code}
          </pre>
        </Section>
      ))}
      <Section title="When something goes wrong">
        <p className="text-small text-soft">
          Every error is JSON with a <code>detail</code>: a sentence, or for a field that is missing or out of range (422) a list that names it. 401 asks you to sign in again, 403 needs another role, 429 and 503 say in <code>Retry-After</code> when to try again.
        </p>
      </Section>
      <Section title="Who may do what">
        <dl className="flex flex-col gap-3 text-small">
          <div>
            <dt className="font-strong">user</dt>
            <dd className="text-soft">Predict, and keep an own history, own customers and an own account.</dd>
          </div>
          <div>
            <dt className="font-strong">analyst</dt>
            <dd className="text-soft">Also bulk work: datasets, clustering runs, batch prediction and model versions.</dd>
          </div>
          <div>
            <dt className="font-strong">admin</dt>
            <dd className="text-soft">Also accounts, roles and statistics.</dd>
          </div>
        </dl>
      </Section>
    </Page>
  );
}

function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      onClick={() =>
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        })
      }
    >
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </Button>
  );
}

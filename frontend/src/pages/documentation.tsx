import { useRef, useState } from 'react';
import { Button, buttonStyle } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { useHashTarget } from '@/lib/address';
import { API_URL } from '@/lib/client';
import { copied } from '@/lib/clipboard';
import script from './documentation.sh?raw';

interface Example {
  id: string;
  title: string;
  text: string;
  code: string;
}

/** The blocks of the script: a title, a sentence or two, and the commands. */
function readExamples(script: string): Example[] {
  return script
    .trim()
    .split('\n\n')
    .map((block) => {
      const [title = '', text = '', ...code] = block.split('\n');
      return { id: slug(plain(title)), title: plain(title), text: plain(text), code: code.join('\n').replaceAll(WRITTEN_FOR, API_URL) };
    });
}

const WRITTEN_FOR = 'http://localhost:8000';
const plain = (comment: string): string => comment.replace(/^# /, '');
const slug = (title: string): string => title.toLowerCase().replace(/[^a-z]+/g, '-');

const EXAMPLES = readExamples(script);
const ERRORS = { id: 'errors', title: 'When something goes wrong' };
const ROLES = { id: 'roles', title: 'Roles and permissions' };

export default function DocumentationPage() {
  useHashTarget();
  return (
    <Page
      title="Documentation"
      lead="Everything in this app is also available through the API."
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
      <nav aria-label="On this page">
        <ol className="gap-x-6 text-small sm:columns-2">
          {[...EXAMPLES, ERRORS, ROLES].map(({ id, title }) => (
            <li key={id} className="break-inside-avoid">
              <a href={`#${id}`} className="flex min-h-11 items-center text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent md:min-h-8">
                {title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <p className="text-small text-soft">
        Run these commands in a shell in order: each one uses what the previous ones saved in <code>$TOKEN</code> and in files.
      </p>
      {EXAMPLES.map((example) => (
        <Commands key={example.id} {...example} />
      ))}
      <Section {...ERRORS}>
        <p className="text-small text-soft">
          Every error is JSON with a <code>detail</code>: a sentence, or a list of invalid fields (422). 401 means you must sign in again, and 403 that your role does not allow the request. 429 and 503 come with a <code>Retry-After</code> header that says when to try again.
        </p>
      </Section>
      <Section {...ROLES}>
        <dl className="flex flex-col gap-3 text-small">
          <div>
            <dt className="font-strong">user</dt>
            <dd className="text-soft">Make predictions, segment private files, and manage their own history, saved customers and account.</dd>
          </div>
          <div>
            <dt className="font-strong">analyst</dt>
            <dd className="text-soft">Also manage datasets, clustering runs, batch predictions and model versions.</dd>
          </div>
          <div>
            <dt className="font-strong">admin</dt>
            <dd className="text-soft">Also manage accounts, roles and invitations, and see statistics, the audit log and the server’s settings.</dd>
          </div>
        </dl>
      </Section>
    </Page>
  );
}

function Commands({ id, title, text, code }: Example) {
  const block = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('Copy');
  const say = (word: string): void => {
    setSaid(word);
    setTimeout(() => setSaid('Copy'), 2000);
  };
  const select = (): void => {
    if (block.current) getSelection()?.selectAllChildren(block.current);
    say('Selected');
  };
  const copy = (): void => void copied(code).then((is) => (is ? say('Copied') : select()));
  return (
    <Section
      id={id}
      title={title}
      note={text}
      actions={
        <Button onClick={copy}>
          <span aria-live="polite">
            {said}
            <span className="sr-only">: {title}</span>
          </span>
        </Button>
      }
    >
      <pre ref={block} tabIndex={0} role="region" aria-label={`Commands: ${title}`} className="overflow-x-auto rounded-control bg-sunken p-3">
        {code}
      </pre>
    </Section>
  );
}

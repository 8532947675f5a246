import { Page, Section } from '@/components/layout';
import { TextLink } from '@/components/button';
import { useHashTarget } from '@/lib/address';
import { MEANINGS } from '@/lib/meanings';

export default function AboutPage() {
  const target = useHashTarget();
  return (
    <Page title="About" narrow>
      <div className="flex flex-col gap-4">
        <p>
          Customer Segmentation turns a table of customers into named groups that people can act on, and says how far they can be trusted. It reads the table you have, finds the groups, names them by what sets them apart, and places new customers in them.
        </p>
      </div>
      <Section title="What the words mean">
        <dl className="flex flex-col gap-4">
          {Object.entries(MEANINGS).map(([term, { word, text }]) => (
            <div key={term} id={term} className={target === term ? '-mx-3 rounded-control bg-accent-soft px-3 py-2' : undefined}>
              <dt className="font-strong">{word}</dt>
              <dd className="text-soft">{text}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="How the core works">
        <p className="text-soft">
          Age, annual income, spending score and purchase frequency are brought to one scale and clustered with K-Means for 2 to 10 segments; the number with the best silhouette is taken. Sex is shown, and not clustered on.
        </p>
        <p className="mt-3">
          <TextLink to="/docs">Documentation of the interface for programs</TextLink>
        </p>
      </Section>
    </Page>
  );
}

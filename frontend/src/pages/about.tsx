import { Page, Section } from '@/components/layout';
import { TextLink } from '@/components/button';
import { Navigate, useLocation } from 'react-router';
import { MEANINGS } from '@/lib/meanings';

export default function AboutPage() {
  // Words had their places here once.
  const { hash } = useLocation();
  if (hash.slice(1) in MEANINGS) return <Navigate to={`/guide/words${hash}`} replace />;
  return (
    <Page title="About" narrow>
      <div className="flex flex-col gap-4">
        <p>
          Customer Segmentation turns a table of customers into named groups that people can act on, and shows how reliable they are. It reads your table, finds the groups, names them after what sets them apart, and places new customers in them.
        </p>
      </div>
      <Section title="How the prediction model works">
        <p className="text-soft">
          Age, annual income, spending score and purchase frequency are standardised and clustered with K-Means for 2 to 10 segments; the number with the highest silhouette is chosen. Sex is displayed but not used for clustering.
        </p>
        <p className="mt-3">
          <TextLink to="/guide">Guide</TextLink>, <TextLink to="/guide/words">words</TextLink>, <TextLink to="/docs">API documentation</TextLink>
        </p>
      </Section>
    </Page>
  );
}

import { Page, Section } from '@/components/layout';
import { TextLink } from '@/components/button';

export default function AboutPage() {
  return (
    <Page title="About" narrow>
      <div className="flex flex-col gap-4">
        <p>
          Customer Segmentation turns a table of customers into named groups that people can act on, and says how far they can be trusted. It reads the table you have, finds the groups, names them by what sets them apart, and places new customers in them.
        </p>
      </div>
      <Section title="What the words mean">
        <dl className="flex flex-col gap-4">
          {[
            ['Segment', 'A group of customers who are more like each other than like the rest. It keeps its name and its colour as long as the name is true, also when the model is trained anew.'],
            ['Confidence', 'How much nearer a customer is to the middle of the own segment than to the middle of the next: 100% is right in the middle, 0% right on the border.'],
            ['Silhouette', 'How clearly segments stand apart, from −1 to 1. Above 0.5 they are plain to see, around 0.25 they overlap, at 0 there are none.'],
            ['Inertia', 'How far customers are from the middle of their segment, all together. More segments always make it smaller; the bend in its curve hints at the right number.'],
            ['Drift', 'Whether the customers of late still look like those the model was trained on. Where they do not, it is time to train anew.'],
          ].map(([word, meaning]) => (
            <div key={word}>
              <dt className="font-strong">{word}</dt>
              <dd className="text-soft">{meaning}</dd>
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

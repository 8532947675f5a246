import { Page, Section } from '@/components/layout';
import { AnalyseForm, AnalysisView, useAnalyse } from '@/features/analysis';

export default function AnalysePage() {
  const analyse = useAnalyse();
  return (
    <Page title="What is in this list of customers?" lead="Paste records to see their segments, whether they are real, and what to do next. Nothing is stored.">
      <Section title="Records">
        <AnalyseForm busy={analyse.isPending} problem={analyse.error} onSubmit={(request) => analyse.mutate(request)} />
      </Section>
      {analyse.data ? <AnalysisView analysis={analyse.data.analysis} advice={analyse.data.advice} /> : null}
    </Page>
  );
}

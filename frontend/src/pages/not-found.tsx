import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty } from '@/components/states';

export default function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty icon="search" title="This page does not exist" action={<LinkButton to="/">Go to the home page</LinkButton>}>
        It may have moved, or the address may contain a typo.
      </Empty>
    </Page>
  );
}

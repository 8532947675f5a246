import { LinkButton } from '@/components/button';
import { Page } from '@/components/layout';
import { Empty } from '@/components/states';

export default function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty icon="search" title="There is no page at this address" action={<LinkButton to="/">Go to the start</LinkButton>}>
        It may have moved, or the address may have a typing mistake in it.
      </Empty>
    </Page>
  );
}

import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { LinkButton, TextLink } from '@/components/button';
import { DropArea } from '@/components/drop-zone';
import { usePasted } from '@/components/paste';
import { Loaded, SkeletonBlock } from '@/components/states';
import { ExamplePicture, useExample } from '@/features/example';
import { useWaysIn } from '@/features/session';
import { bring } from '@/lib/upload';

const POINTS = [
  ['From your own table', 'Upload customers in any common format: CSV, Excel or Parquet.'],
  ['Segments with names', 'Each segment is named after what sets it apart and keeps its name when the model is retrained.'],
  ['Honest about trust', 'Every result shows its confidence and whether the groups are real.'],
] as const;

export default function HomePage() {
  const example = useExample();
  const navigate = useNavigate();
  const isByInvitation = useWaysIn().data?.registration === 'invitation';
  const take = (file: File): void => {
    bring(file);
    void navigate(isByInvitation ? '/login' : '/register');
  };
  usePasted(take);
  useEffect(() => {
    document.title = 'Customer Segmentation';
  }, []);
  return (
    <div className="mx-auto grid w-full max-w-[1200px] items-center gap-x-12 gap-y-8 px-4 py-6 md:px-8 md:py-12 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-3">
          <h1>See who your customers are</h1>
          <p className="max-w-lg text-soft">Turn a customer table into named segments that people can see, trust and use.</p>
        </div>
        <DropArea
          title="Drop your customers or your orders"
          hint={`A file, or cells pasted from a spreadsheet. You ${isByInvitation ? 'sign in' : 'create an account'} first; the file waits.`}
          actions={isByInvitation ? <LinkButton to="/login">Sign in</LinkButton> : <LinkButton to="/register">Create an account</LinkButton>}
          onFile={take}
        />
        {isByInvitation ? null : (
          <p className="-mt-3 text-small text-soft">
            Have an account? <TextLink to="/login">Sign in</TextLink>
          </p>
        )}
        <dl className="flex flex-col gap-3">
          {POINTS.map(([title, text]) => (
            <div key={title}>
              <dt className="font-strong">{title}</dt>
              <dd className="text-small text-soft">{text}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Loaded query={example} skeleton={<SkeletonBlock height={480} />}>
        {(data) => <ExamplePicture example={data} />}
      </Loaded>
    </div>
  );
}

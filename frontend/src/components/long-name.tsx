import { Fragment } from 'react';

/** A name without spaces, of a file or an account, that may break after its marks before it breaks in a word. */
export function LongName({ children }: { children: string }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {children.split(/(?<=[_.@-])/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 ? <wbr /> : null}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

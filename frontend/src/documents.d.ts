/** A document of the project, as `documents.ts` renders it. */
declare module '*.md' {
  interface Section {
    /** Its place on the page; empty for what comes before the first heading. */
    id: string;
    title: string;
    html: string;
  }
  const document: { title: string; sections: readonly Section[] };
  export default document;
}

/** Chapters of the guide: the project's documents as they are, rendered when the app is built. */

import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked, type Token, type Tokens } from 'marked';
import type { Plugin } from 'vite';

const DOCUMENTS = fileURLToPath(new URL('../docs', import.meta.url));

/** As GitHub names the place of a heading, so that links between documents hold in both. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const plain = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      if ('tokens' in token && token.tokens) return plain(token.tokens);
      return 'text' in token ? String(token.text) : '';
    })
    .join('');

/** A document as a module: its title, and its sections with their HTML. */
function moduleOf(markdown: string, file: string, base: string): string {
  const pictures: string[] = [];
  const marked = new Marked({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        if (href.startsWith('#') || href.startsWith('http')) return `<a href="${href}">${text}</a>`;
        const [, chapter, place = ''] = /^([\w-]+)\.md(#.*)?$/.exec(relative(DOCUMENTS, resolve(dirname(file), href)).replace('guide/', '')) ?? [];
        // Files of the source are not there for readers of the app.
        return chapter === undefined ? text : `<a href="${base}guide/${chapter}${place}">${text}</a>`;
      },
      image({ href, text }) {
        pictures.push(href);
        return `<img alt="${text}" loading="lazy" src="\u0000${pictures.length - 1}\u0000">`;
      },
      table(token) {
        const cell = (tag: 'th' | 'td') => (each: Tokens.TableCell) => `<${tag}${each.align ? ` align="${each.align}"` : ''}>${this.parser.parseInline(each.tokens)}</${tag}>`;
        const rows = token.rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('');
        return `<div role="region" aria-label="Table" tabindex="0"><table><thead><tr>${token.header.map(cell('th')).join('')}</tr></thead><tbody>${rows}</tbody></table></div>`;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  const title = tokens.find((token): token is Tokens.Heading => token.type === 'heading' && (token as Tokens.Heading).depth === 1);
  const sections: { id: string; title: string; tokens: Token[] }[] = [{ id: '', title: '', tokens: [] }];
  for (const token of tokens) {
    if (token === title) continue;
    const heading = token.type === 'heading' && (token as Tokens.Heading).depth === 2 ? plain((token as Tokens.Heading).tokens).trim() : null;
    if (heading !== null) sections.push({ id: anchorOf(heading), title: heading, tokens: [] });
    else sections.at(-1)?.tokens.push(token);
  }
  const written = sections
    .filter((section) => section.tokens.some(({ type }) => type !== 'space'))
    .map((section) => {
      const html = JSON.stringify(marked.parser(section.tokens)).replace(/\\u0000(\d+)\\u0000/g, (_, index: string) => `" + picture${index} + "`);
      return `{ id: ${JSON.stringify(section.id)}, title: ${JSON.stringify(section.title)}, html: ${html} }`;
    });
  const imports = pictures.map((href, index) => `import picture${index} from ${JSON.stringify(href.startsWith('.') ? href : `./${href}`)};`);
  return `${imports.join('\n')}\nexport default { title: ${JSON.stringify(title ? plain(title.tokens).trim() : '')}, sections: [${written.join(', ')}] };`;
}

export function documents(): Plugin {
  let base = '/';
  return {
    name: 'documents',
    enforce: 'pre',
    configResolved(config) {
      base = config.base;
    },
    transform: (code, id) => (id.endsWith('.md') ? { code: moduleOf(code, id, base), map: null } : undefined),
  };
}

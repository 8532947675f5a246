import { Notice } from '@/components/states';
import { plural } from '@/lib/format';
import type { ModelDetail } from '../api/models';

const plain = (name: string): string => name.replaceAll('_', ' ');

/** What to know before relying on a version: doubts of its training, and what was filled in. */
export function Cautions({ model }: { model: ModelDetail }) {
  const filled = Object.entries(model.imputed).filter(([, count]) => count > 0);
  if (model.warnings.length === 0 && filled.length === 0) return null;
  return (
    <Notice tone={model.warnings.length > 0 ? 'warn' : 'plain'}>
      <p className="font-strong">{model.warnings.length > 0 ? 'Check these warnings before using this version' : 'Missing values were filled in'}</p>
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-4">
        {model.warnings.map((warning) => (
          <li key={warning}>{upperFirst(plain(warning))}</li>
        ))}
        {filled.map(([name, count]) => (
          <li key={name}>
            {plural(count, 'customer')} without {plain(name)}: filled with the median of the other customers.
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

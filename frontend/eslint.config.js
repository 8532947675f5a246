import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url));

// Imports run downward only: app > pages > features > shared; a feature knows no other feature.
const zones = [
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: './src/features',
    except: [`./${feature}`],
    message: 'A feature does not import another; the page puts them together.',
  })),
  { target: './src/features', from: ['./src/pages', './src/app'] },
  { target: './src/pages', from: './src/app' },
  {
    target: ['./src/components', './src/charts', './src/lib', './src/api'],
    from: ['./src/features', './src/pages', './src/app'],
  },
];

export default tseslint.config(
  { ignores: ['src/api/schema.ts', 'dist'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts', 'documents.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX, 'react-hooks': hooks },
    extends: [a11y.flatConfigs.recommended],
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      ...hooks.configs.recommended.rules,
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      // A prop of our own components may be called role, too.
      'jsx-a11y/aria-role': ['error', { ignoreNonDOM: true }],
      // What scrolls has to be reached by the keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['tabpanel', 'region'] }],
      'import-x/no-duplicates': 'error',
    },
  },
  { files: ['scripts/**/*.mjs', 'public/**/*.js', '*.js'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly', document: 'readonly', localStorage: 'readonly', matchMedia: 'readonly' } } },
);

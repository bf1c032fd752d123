import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const outpost: MantineColorsTuple = [
  '#eef1fe',
  '#dbe1fb',
  '#b6c2f6',
  '#8fa2f1',
  '#6c84ec',
  '#4e6be4',
  '#4263e0',
  '#3554d1',
  '#2c47b8',
  '#22399a',
];

const danger: MantineColorsTuple = [
  '#fdeae8',
  '#f9d2cf',
  '#f1a49e',
  '#e9746c',
  '#e04d44',
  '#d33a30',
  '#c62d24',
  '#b0241c',
  '#951d16',
  '#7a1611',
];

const dark: MantineColorsTuple = [
  '#e7eaef',
  '#c2cad5',
  '#9ca7b6',
  '#697586',
  '#3d4653',
  '#1e242c',
  '#15191f',
  '#12161b',
  '#0e1115',
  '#090b0e',
];

export const theme = createTheme({
  primaryColor: 'outpost',
  primaryShade: { light: 7, dark: 7 },
  colors: { outpost, danger, dark },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.35' },
      h3: { fontSize: '14px', lineHeight: '1.35' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    InputWrapper: { styles: { description: { fontSize: '12px' }, error: { fontSize: '12px' } } },
    Table: { defaultProps: { borderColor: 'var(--op-border)' } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Mantine's own colours follow the tokens of global.css, whose contrast is checked. */
export const resolveCssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--op-surface)',
    '--mantine-color-text': 'var(--op-text)',
    '--mantine-color-dimmed': 'var(--op-muted)',
    '--mantine-color-placeholder': 'var(--op-muted)',
    '--mantine-color-anchor': 'var(--op-accent-text)',
    '--mantine-color-error': 'var(--op-bad)',
    '--mantine-color-default': 'var(--op-surface)',
    '--mantine-color-default-hover': 'var(--op-hover)',
    '--mantine-color-default-color': 'var(--op-text)',
    '--mantine-color-default-border': 'var(--op-border-strong)',
  };
  return { variables: {}, light: shared, dark: shared };
};

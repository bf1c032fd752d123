import type { ITheme } from '@xterm/xterm';

/** Colours of the log; the terminal itself lifts what has too little contrast. */
export function terminalTheme(dark: boolean): ITheme {
  return dark
    ? {
        background: '#15191f',
        foreground: '#e7eaef',
        cursor: '#15191f',
        selectionBackground: '#3a4d8f',
        black: '#3d4653',
        red: '#ff938b',
        green: '#62d391',
        yellow: '#eab75c',
        blue: '#a9baff',
        magenta: '#dba6f5',
        cyan: '#6fd3dd',
        white: '#e7eaef',
      }
    : {
        background: '#ffffff',
        foreground: '#161a21',
        cursor: '#ffffff',
        selectionBackground: '#c9d5ff',
        black: '#161a21',
        red: '#b0241c',
        green: '#126a38',
        yellow: '#855000',
        blue: '#2c47b8',
        magenta: '#8a2c9c',
        cyan: '#0b6570',
        white: '#525c6a',
      };
}

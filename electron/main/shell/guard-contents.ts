import type { App } from 'electron';
import { isAppUrl } from './app-origin.ts';

/** Keeps every page inside the app: no other address, no second window, no page within the page. */
export function guardContents(app: App, refused: (what: string) => void): void {
  app.on('web-contents-created', (_created, contents) => {
    const stay = (event: { preventDefault(): void }, url: string) => {
      if (isAppUrl(url)) return;
      event.preventDefault();
      refused(`going to ${url}`);
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
      refused('a page within the page');
    });
    contents.setWindowOpenHandler(({ url }) => {
      refused(`a new window for ${url}`);
      return { action: 'deny' };
    });
  });
}

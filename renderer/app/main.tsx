import '@mantine/core/styles.css';
import './global.css';
import { createRoot } from 'react-dom/client';
import { startConnection } from '../stores/connection.ts';
import { followEvents } from '../stores/events.ts';
import { followEachClient, followWhileLive } from '../stores/follow-service.ts';
import { followSite } from '../stores/site.ts';
import { followStatus } from '../stores/status.ts';
import { App } from './app.tsx';
import { applyStoredColorScheme } from './color-scheme.ts';

applyStoredColorScheme();
followEachClient(followStatus);
followWhileLive(followSite);
followWhileLive(followEvents);
startConnection();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has an element with the id "root"');
createRoot(root).render(<App />);

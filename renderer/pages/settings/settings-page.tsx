import { Tabs } from '@mantine/core';
import { useLocation, useParams, useSearch } from 'wouter';
import { PageHeader } from '../../components/page-header.tsx';
import { AboutTab } from './about-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { RequestLogTab } from './request-log-tab.tsx';
import { SecretsTab } from './secrets-tab.tsx';
import { SiteFileTab } from './site-file-tab.tsx';

const tabs = [
  { value: 'keys', label: 'Keys' },
  { value: 'request-log', label: 'Request log' },
  { value: 'secrets', label: 'Secrets' },
  { value: 'site-file', label: 'Site file' },
  { value: 'about', label: 'About' },
] as const;

/** What is set for the site as a whole. */
export function SettingsPage() {
  const { tab } = useParams<{ tab?: string }>();
  const [, navigate] = useLocation();
  const stopAsked = new URLSearchParams(useSearch()).get('stop') === '1';
  const shown = stopAsked ? 'about' : (tabs.find(({ value }) => value === tab)?.value ?? 'keys');
  return (
    <>
      <PageHeader title="Settings" />
      <Tabs value={shown} onChange={(value) => navigate(`/settings/${value ?? 'keys'}`)} keepMounted={false}>
        <Tabs.List mb="md">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="keys">
          <KeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="request-log">
          <RequestLogTab />
        </Tabs.Panel>
        <Tabs.Panel value="secrets">
          <SecretsTab />
        </Tabs.Panel>
        <Tabs.Panel value="site-file">
          <SiteFileTab />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <AboutTab stopAsked={stopAsked} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

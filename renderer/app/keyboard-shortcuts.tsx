import { Kbd, Modal, Table } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isTyping } from '../components/is-typing.ts';
import { navigationRoutes } from './routes.tsx';

/** How long after "g" the second key counts. */
const SEQUENCE_MS = 1500;

/** "g" and a letter go to a page, "?" lists the shortcuts. */
export function KeyboardShortcuts() {
  const [, navigate] = useLocation();
  const [listed, setListed] = useState(false);
  const goPressedAtMs = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') {
        event.preventDefault();
        setListed(true);
        return;
      }
      const afterGo = event.timeStamp - goPressedAtMs.current < SEQUENCE_MS;
      goPressedAtMs.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!afterGo) return;
      const route = navigationRoutes.find(({ navigation }) => navigation.key === event.key);
      if (route) navigate(route.path);
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [navigate]);

  return (
    <Modal opened={listed} onClose={() => setListed(false)} title="Keyboard shortcuts">
      <Table>
        <Table.Tbody>
          {navigationRoutes.map(({ path, navigation }) => (
            <Table.Tr key={path}>
              <Table.Td>Go to {navigation.label}</Table.Td>
              <Table.Td ta="right">
                <Kbd>g</Kbd> then <Kbd>{navigation.key}</Kbd>
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td>Show this list</Table.Td>
            <Table.Td ta="right">
              <Kbd>?</Kbd>
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

import { Kbd, Modal, Table } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isTyping } from '../components/is-typing.ts';
import { navigationRoutes, pageRoutes } from './routes.tsx';

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
      if (!route) return;
      // The letter alone may do something on the page.
      event.preventDefault();
      navigate(route.path);
    }
    // Before the pages, whose own keys the second one of a sequence may be.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
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
          {pageRoutes.flatMap(({ navigation, shortcuts = [] }) =>
            shortcuts.map(({ keys, does }) => (
              <Table.Tr key={does}>
                <Table.Td>
                  {navigation?.label}: {does.charAt(0).toLowerCase() + does.slice(1)}
                </Table.Td>
                <Table.Td ta="right">
                  {keys.map((key) => (
                    <Kbd key={key} ml={4}>
                      {key}
                    </Kbd>
                  ))}
                </Table.Td>
              </Table.Tr>
            )),
          )}
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

import { Tooltip } from '@mantine/core';
import classes from './simulated-badge.module.css';

/** Marks what no real model stands behind. */
export function SimulatedBadge() {
  return (
    <Tooltip label="Answers with made-up text at set speeds; no model is loaded">
      <span className={classes.badge}>Simulated</span>
    </Tooltip>
  );
}

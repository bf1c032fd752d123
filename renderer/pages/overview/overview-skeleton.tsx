import { Skeleton, Stack } from '@mantine/core';
import classes from './overview.module.css';

const TILES = 6;

export function OverviewSkeleton() {
  return (
    <Stack gap="lg">
      <div className={classes.tiles}>
        {Array.from({ length: TILES }, (_, index) => (
          <Skeleton key={index} height={88} />
        ))}
      </div>
      <div className={classes.columns}>
        <Skeleton height={220} />
        <Skeleton height={160} />
      </div>
    </Stack>
  );
}

import { KeyValue } from '../../components/key-value.tsx';
import classes from './requests.module.css';

export interface HeaderTableProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function HeaderTable({ title, headers }: HeaderTableProps) {
  const rows = Object.entries(headers);
  return (
    <div className={classes.headers}>
      <h3>{title}</h3>
      {rows.length === 0 ? <p className={classes.hint}>None were kept.</p> : <KeyValue rows={rows} />}
    </div>
  );
}

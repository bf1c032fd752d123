import { PageHeader } from '../../components/page-header.tsx';

export function PlaygroundPage() {
  return <PageHeader title="Playground" />;
}

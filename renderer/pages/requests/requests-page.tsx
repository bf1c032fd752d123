import { PageHeader } from '../../components/page-header.tsx';

export function RequestsPage() {
  return <PageHeader title="Requests" />;
}

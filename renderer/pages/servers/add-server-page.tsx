import { useLocation } from 'wouter';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'wouter';
import { PageHeader } from '../../components/page-header.tsx';
import { valueOf } from '../../stores/loadable.ts';
import { noticeDone } from '../../stores/notices.ts';
import { selectSite, useSite } from '../../stores/site.ts';
import { ServerForm } from './server-form.tsx';
import classes from './servers.module.css';

export function AddServerPage() {
  const [, navigate] = useLocation();
  const servers = valueOf(useSite(selectSite))?.servers ?? [];
  return (
    <>
      <PageHeader
        title="Add a server"
        description="Written into the site file; nothing is started before you save"
        above={
          <Link href="/servers" className={classes.back ?? ''}>
            <IconArrowLeft size={14} /> Servers
          </Link>
        }
      />
      <ServerForm
        server={null}
        others={servers}
        onCancel={() => navigate('/servers')}
        onSaved={({ name, start }) => {
          noticeDone(
            start === 'manual' ? `${name} was added; start it when you need it` : `${name} was added and is starting`,
          );
          navigate(`/servers/${name}`);
        }}
      />
    </>
  );
}

import type { FeatureCatalogue } from '../../contract/feature-status.ts';

/** The site to try Outpost with: two simulated servers, every feature assigned to one of their models. */
export function demoSiteText(catalogue: FeatureCatalogue, listen: string): string {
  const features = catalogue.features.map(
    ({ feature }) => `  ${feature}: { model: ${feature.startsWith('code_') ? 'demo-code' : 'demo-chat'} }`,
  );
  return `# The demo site: simulated model servers that answer like vLLM, without a model or a GPU.
# Change it here or in the window; changes to this file are picked up at once.
version: 1
site: { name: Demo site }

gateway:
  listen: [${JSON.stringify(listen)}] # where clients such as GitLab send their requests; port 0 picks a free one
  # The demo answers without a key. A real site says "required"; make keys with: outpost keys add NAME
  keys: optional

servers:
  - name: demo-chat-server
    engine: simulated
    serves: [demo-chat]
    args: { load-seconds: 2, ttft-ms: 120, itl-ms: 15, jitter: 0.2, max-num-seqs: 8 }

  - name: demo-code-server
    engine: simulated
    serves: [demo-code]
    args: { load-seconds: 1, ttft-ms: 60, itl-ms: 8, jitter: 0.2, max-num-seqs: 16 }

# Which model serves each GitLab Duo feature; "disabled" refuses a feature.
features:
${features.join('\n')}
`;
}

/** A site without servers, to add real ones to. */
export function emptySiteText(name: string, listen: string): string {
  return `# The site: what Outpost runs on this machine.
# Change it here or in the window; changes to this file are picked up at once.
version: 1
site: { name: ${JSON.stringify(name)} }

gateway:
  listen: [${JSON.stringify(listen)}] # where clients such as GitLab send their requests; port 0 picks a free one
  keys: required # make keys with: outpost keys add NAME

servers: []

features: {}
`;
}

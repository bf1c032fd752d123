// Run on Node 24 after a change of electron/contract/site-schema.ts: writes resources/site.schema.json, the JSON Schema
// that editors check a site.yaml with. A test fails while the file is not current.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { siteSchemaText } from '../electron/service/site/site-json-schema.ts';

const file = path.resolve(import.meta.dirname, '..', 'resources', 'site.schema.json');
writeFileSync(file, siteSchemaText());
process.stderr.write(`wrote ${file}\n`);

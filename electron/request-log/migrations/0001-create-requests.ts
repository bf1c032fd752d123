import { bodyFileKinds, bodyFileStates } from '../body-file-kinds.ts';
import type { Migration } from '../migrate.ts';

/** Rows, body files and the partition's own state. */
export const createRequests: Migration = {
  version: 1,
  sql: `
    CREATE TABLE requests (
      n INTEGER PRIMARY KEY,               -- number inside the partition, from 1, dense
      state INTEGER NOT NULL,              -- 0 running, 1 ok, 2 error, 3 rejected, 4 cancelled
      time_ms INTEGER NOT NULL,            -- accepted, UTC epoch
      request_id TEXT NOT NULL,
      method TEXT NOT NULL,
      route TEXT NOT NULL,
      client_address TEXT,
      key_name TEXT,
      feature TEXT,
      model_asked TEXT,
      stream INTEGER NOT NULL,             -- 0, 1
      model TEXT,                          -- served model name that answered, else the one asked for
      http_status INTEGER,
      served_by TEXT,
      prompt_tokens INTEGER,
      completion_tokens INTEGER,
      cached_tokens INTEGER,
      ttft_ms REAL,
      duration_ms REAL,                    -- null while running
      queue_ms REAL,
      finish_reason TEXT,
      retries INTEGER NOT NULL,
      error TEXT,
      error_code TEXT,
      count INTEGER NOT NULL,              -- requests that this row stands for
      body_note INTEGER NOT NULL,          -- 0 nothing to say, 1 logging of bodies was off, 2 binary under redaction, 3 crash
      body_file INTEGER,                   -- body_files.file, or null: no bodies
      body_offset INTEGER,                 -- where the frame, or the block that holds it, begins
      body_bytes INTEGER,                  -- length of the frame or block on disk
      body_inner INTEGER                   -- offset of the frame in the unpacked block, or null: the frame is not in a block
    ) STRICT;
    -- Each index ends in n, so a filter finds its newest rows without sorting.
    CREATE INDEX requests_by_model ON requests (model);
    CREATE INDEX requests_by_feature ON requests (feature) WHERE feature IS NOT NULL;
    CREATE INDEX requests_by_key ON requests (key_name) WHERE key_name IS NOT NULL;
    CREATE INDEX requests_by_server ON requests (served_by) WHERE served_by IS NOT NULL;
    CREATE INDEX requests_by_status ON requests (http_status) WHERE http_status >= 300;
    CREATE INDEX requests_failed ON requests (state) WHERE state >= 2;
    CREATE INDEX requests_running ON requests (n) WHERE state = 0;

    CREATE TABLE body_files (
      file INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL,               -- ${bodyFileKinds.frames} frames, ${bodyFileKinds.blocks} compressed blocks
      state INTEGER NOT NULL,              -- ${bodyFileStates.open} appended to, ${bodyFileStates.sealed} complete, ${bodyFileStates.moved} moved into blocks, ${bodyFileStates.dropped} dropped by retention, ${bodyFileStates.lost} lost
      bytes INTEGER NOT NULL,              -- length that rows may refer to; what lies behind it never counted
      moved_bytes INTEGER NOT NULL,        -- of a file of frames: up to here they are in blocks
      opened_ms INTEGER NOT NULL,
      removed_ms INTEGER                   -- when the file went away, or null
    ) STRICT;

    CREATE TABLE partition_state (
      name TEXT PRIMARY KEY,               -- newest_time_ms, clock_backstep_ms (largest step back of time_ms against n)
      value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};

-- CSV user import: jobs, the files that were uploaded for them, and the lines that made no user.

CREATE TABLE user_import_jobs (
  user_pool_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  job_name TEXT NOT NULL,
  role_arn TEXT NOT NULL,              -- CloudWatchLogsRoleArn
  hashing TEXT NOT NULL,               -- PasswordHashingAlgorithm; empty: no passwords come with the users
  status TEXT NOT NULL,                -- UserImportJobStatusType, but Expired, which the time says
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL DEFAULT 0,    -- 0: not yet, as is completed_at
  completed_at BIGINT NOT NULL DEFAULT 0,
  upload_id TEXT NOT NULL DEFAULT '',  -- of the whole upload; empty: none yet
  header TEXT NOT NULL DEFAULT '',     -- first line of the file
  row_count BIGINT NOT NULL DEFAULT 0, -- lines behind the header, without blank ones
  next_chunk BIGINT NOT NULL DEFAULT 0,    -- of the upload, to be imported
  imported BIGINT NOT NULL DEFAULT 0,
  skipped BIGINT NOT NULL DEFAULT 0,
  failed BIGINT NOT NULL DEFAULT 0,
  completion_message TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user_pool_id, job_id)
);
CREATE INDEX user_import_jobs_by_age ON user_import_jobs (user_pool_id, created_at, job_id);
-- One at a time in each pool; and what the servers look for.
CREATE UNIQUE INDEX user_import_jobs_active ON user_import_jobs (user_pool_id)
  WHERE status IN ('Pending', 'InProgress', 'Stopping');

CREATE TABLE user_import_chunks (
  user_pool_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  number BIGINT NOT NULL,              -- from 0
  content BLOB NOT NULL,               -- sealed: MessagePack of [line number, line] pairs
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, job_id, upload_id, number)
);
CREATE INDEX user_import_chunks_by_expiry ON user_import_chunks (expires_at);

CREATE TABLE user_import_lines (       -- those that were skipped or have failed
  user_pool_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  line_number BIGINT NOT NULL,
  outcome TEXT NOT NULL,               -- SKIPPED or FAILED
  reason TEXT NOT NULL,                -- without what the line said
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, job_id, line_number)
);
CREATE INDEX user_import_lines_by_expiry ON user_import_lines (expires_at);

-- Threat protection: what a pool or client wants, what users have done, and lines of its log on their way out.

CREATE TABLE risk_configurations (
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL,             -- empty: of the pool
  settings TEXT NOT NULL,              -- JSON of RiskConfigurationType
  PRIMARY KEY (user_pool_id, client_id)
);

CREATE TABLE log_delivery_configurations (
  user_pool_id TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL               -- JSON of LogDeliveryConfigurationType
);

CREATE TABLE auth_events (              -- of pools whose AdvancedSecurityMode is AUDIT or ENFORCED
  user_pool_id TEXT NOT NULL,
  event_id TEXT NOT NULL,              -- UUID; the event_id of the tokens that the event led to
  sub TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  client_id TEXT NOT NULL,             -- empty: none was named
  event_type TEXT NOT NULL,            -- SignIn, SignUp, ForgotPassword, PasswordChange, ResendCode
  response TEXT NOT NULL,              -- Pass, Fail, InProgress
  risk_decision TEXT NOT NULL,         -- NoRisk, AccountTakeover, Block
  risk_level TEXT NOT NULL,            -- Low, Medium, High; empty: none
  is_compromised BIGINT NOT NULL,      -- whether the password stands on a list of known ones
  challenges TEXT NOT NULL,            -- JSON: [["Password", "Success"], ...]
  ip_address TEXT NOT NULL,            -- empty: unknown, as are those that follow
  device TEXT NOT NULL,                -- what tells one device from another, hashed
  device_name TEXT NOT NULL,
  timezone TEXT NOT NULL,
  feedback TEXT NOT NULL,              -- Valid, Invalid; empty: none yet
  feedback_provider TEXT NOT NULL,
  feedback_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, event_id)
);
CREATE INDEX auth_events_by_user ON auth_events (user_pool_id, sub, created_at, event_id);
CREATE INDEX auth_events_by_expiry ON auth_events (expires_at);

CREATE TABLE outbox_logs (              -- lines that wait for the place where a pool wants its logs
  user_pool_id TEXT NOT NULL,
  log_id TEXT NOT NULL,                -- epoch ms of the machine in hexadecimal, then random
  destination TEXT NOT NULL,           -- the ARN
  line TEXT NOT NULL,                  -- JSON
  expires_at BIGINT NOT NULL,          -- best effort: not kept for ever where nobody takes them
  PRIMARY KEY (user_pool_id, log_id)
);
CREATE INDEX outbox_logs_by_age ON outbox_logs (log_id);
CREATE INDEX outbox_logs_by_expiry ON outbox_logs (expires_at);

-- Passwords that users had before, where the policy of the pool forbids to use them again. The one that serves now stands in `users`.

CREATE TABLE password_history (
  user_pool_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  browser_epoch BIGINT NOT NULL,       -- of the user while the password served; each new one moves it on
  password BLOB NOT NULL,              -- sealed
  PRIMARY KEY (user_pool_id, sub, browser_epoch)
);

-- Request rates, where `limits = aws` counts them for all servers of the database together.

CREATE TABLE request_rates (
  category TEXT NOT NULL,
  second BIGINT NOT NULL,              -- of the epoch
  requests BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (category, second)
);
CREATE INDEX request_rates_by_expiry ON request_rates (expires_at);

CREATE TABLE provisioned_limits (
  category TEXT NOT NULL PRIMARY KEY,
  requests_per_second BIGINT NOT NULL
);

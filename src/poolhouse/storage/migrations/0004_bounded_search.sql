-- No filter of ListUsers is longer than 256 characters, and an index row of PostgreSQL takes 2,704 octets: values are kept to
-- that length, as pool/user_search.py writes them now.

UPDATE user_search SET value = substr(value, 1, 256) WHERE length(value) > 256;
